import { randomBytes } from 'node:crypto'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketVersioningCommand,
  PutBucketCorsCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { pino } from 'pino'
import { readEnvironment } from '../runtime/environment.ts'
import { storageSettings } from '../runtime/settings.ts'
import { type BucketSettings, openObjectStore } from '../storage/object-store.ts'
import { bareClient } from './conformance/storage.ts'
import { type Cleanup } from './database.ts'

/** Set by `npm run test:storage`: an environment that merely knows a bucket is no wish to test on it. */
const asked = 'TEST_STORAGE'

/** The S3 server that tests are to use in place of the sandbox's own, as the B2_… variables name it. */
export function realServer(env: NodeJS.ProcessEnv = process.env): BucketSettings | undefined {
  return env[asked] === 'real' ? readServer(env) : undefined
}

export const askForRealServer = { [asked]: 'real' }

export const readServer = (env: NodeJS.ProcessEnv): BucketSettings => readEnvironment(env, storageSettings)

/** For tests that strike the bucket with faults, which only the sandbox's own can play. */
export const playsFaults = realServer() === undefined ? false : "only the sandbox's bucket plays faults"

/** A bucket of its own on that server: it keeps versions as B2 does, takes parts from any page, and is gone afterwards. */
export async function aRealBucket(t: Cleanup, server: BucketSettings): Promise<BucketSettings> {
  const settings = { ...server, bucket: `${server.bucket}-${randomBytes(6).toString('hex')}`.toLowerCase() }
  const client = bareClient(settings)
  await client.send(new CreateBucketCommand({ Bucket: settings.bucket }))
  t.after(async () => {
    await emptyBucket(settings)
    await client.send(new DeleteBucketCommand({ Bucket: settings.bucket }))
    client.destroy()
  })
  await keepVersions(client, settings)
  await allowBrowsers(client, settings)
  return settings
}

async function keepVersions(client: S3Client, { bucket: Bucket }: BucketSettings): Promise<void> {
  const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }))
  if (Status === 'Enabled') return
  const VersioningConfiguration = { Status: 'Enabled' } as const
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
}

/** What the operator of a real bucket sets by hand, once: browsers may upload parts and read their names. */
async function allowBrowsers(client: S3Client, { bucket: Bucket }: BucketSettings): Promise<void> {
  const rule = {
    AllowedOrigins: ['*'],
    AllowedMethods: ['GET', 'HEAD', 'PUT'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag'],
  }
  await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }))
}

async function emptyBucket(settings: BucketSettings): Promise<void> {
  const store = openObjectStore(settings, pino({ enabled: false }))
  for await (const upload of store.listMultiparts('')) await store.abortMultipart(upload)
  for await (const { key } of store.listKept('')) await store.remove(key)
  store.close()
}
