import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { S3Client } from '@aws-sdk/client-s3'
import { pino } from 'pino'
import { type BucketSettings, type ObjectStore, openObjectStore } from '../../storage/object-store.ts'
import { storageKeepsFiles } from './storage-files.ts'
import { storageGuardsLinks } from './storage-links.ts'
import { storageTakesParts } from './storage-parts.ts'
import { storageRefusesStrangers } from './storage-strangers.ts'

/** What each test of the suite works with: the bucket, through our client and bare, and names of its own. */
export type StorageUnderTest = {
  readonly settings: BucketSettings
  readonly store: ObjectStore
  /** A client without our care, to send what our own never would. */
  readonly bare: S3Client
  /** A folder on disk, removed at the end. */
  readonly folder: string
  /** A key nobody used before; everything under `prefix` is removed at the end. */
  readonly newKey: (name?: string) => string
  readonly prefix: string
}

/** What Comptoir expects of any S3 store. One suite, so that the sandbox and a real provider cannot drift apart. */
export function storageConformance(name: string, findSettings: () => Promise<BucketSettings>): void {
  describe(name, () => {
    let opened: StorageUnderTest | undefined
    before(async () => {
      opened = await open(await findSettings())
    })
    after(async () => {
      if (opened !== undefined) await cleanUp(opened)
    })
    const subject = (): StorageUnderTest => {
      if (opened === undefined) throw new Error('The bucket was not opened')
      return opened
    }
    storageKeepsFiles(subject)
    storageGuardsLinks(subject)
    storageTakesParts(subject)
    storageRefusesStrangers(subject)
  })
}

/** A client that signs as told and does nothing else. */
export const bareClient = ({ endpoint, region, forcePathStyle, keyId, applicationKey }: BucketSettings): S3Client =>
  new S3Client({
    endpoint,
    region,
    forcePathStyle,
    credentials: { accessKeyId: keyId, secretAccessKey: applicationKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
  })

async function open(settings: BucketSettings): Promise<StorageUnderTest> {
  const prefix = `conformance/${randomUUID()}/`
  return {
    settings,
    store: openObjectStore(settings, pino({ enabled: false })),
    bare: bareClient(settings),
    folder: await mkdtemp(join(tmpdir(), 'comptoir-storage-')),
    prefix,
    newKey: (name = randomUUID()) => `${prefix}${name}`,
  }
}

async function cleanUp({ store, bare, folder, prefix }: StorageUnderTest): Promise<void> {
  for await (const upload of store.listMultiparts(prefix)) await store.abortMultipart(upload)
  for await (const { key } of store.list(prefix)) await store.remove(key)
  store.close()
  bare.destroy()
  await rm(folder, { recursive: true, force: true })
}
