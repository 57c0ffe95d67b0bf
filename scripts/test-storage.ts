import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after } from 'node:test'
import { parseArgs, promisify } from 'node:util'
import { PutBucketCorsCommand } from '@aws-sdk/client-s3'
import { type BucketSettings } from '../shared/storage/object-store.ts'
import { bareClient, storageConformance } from '../shared/testing/conformance/storage.ts'
import { isThere } from './tool-cache.ts'

const run = promisify(execFile)
const usualServer = resolve(import.meta.dirname, '..', '..', 'shared', 'tools', 's3-server.sh')
const variables = ['B2_ENDPOINT', 'B2_BUCKET_NAME', 'B2_KEY_ID', 'B2_APPLICATION_KEY'] as const

const usage = `Runs the storage suite against a real S3 store. Either name a bucket of your own, empty or not:
  ${variables.join('=… ')}=… npm run test:storage
or a script that starts one ("start DIR" prints "ready ENDPOINT", "stop DIR" ends it):
  npm run test:storage -- --server path/to/s3-server.sh`

const { values } = parseArgs({ options: { server: { type: 'string' } } })
const [endpoint, bucket, keyId, applicationKey] = variables.map((name) => process.env[name])

if (values.server !== undefined) {
  testServer(resolve(values.server))
} else if (endpoint !== undefined && bucket !== undefined && keyId !== undefined && applicationKey !== undefined) {
  const region = process.env['S3_REGION'] ?? /^s3[.-]([\w-]+)\./.exec(new URL(endpoint).hostname)?.[1] ?? 'us-east-1'
  const forcePathStyle = process.env['S3_FORCE_PATH_STYLE'] !== 'false'
  const settings = { endpoint, region, bucket, keyId, applicationKey, forcePathStyle }
  storageConformance(`the bucket ${bucket} at ${new URL(endpoint).host}`, () => Promise.resolve(settings))
} else if (await isThere(usualServer)) {
  testServer(usualServer)
} else {
  console.error(usage)
  process.exitCode = 64
}

/** Runs the suite against a server of its own, which is ended whatever happens. */
function testServer(script: string): void {
  let dir: string | undefined
  after(async () => {
    if (dir === undefined) return
    await run('bash', [script, 'stop', dir])
    await rm(dir, { recursive: true, force: true })
  })
  storageConformance(`the server of ${script}`, async () => {
    dir = await mkdtemp(join(tmpdir(), 'comptoir-s3-'))
    const { stdout } = await run('bash', [script, 'start', dir], { timeout: 300_000 })
    const ready = /^ready (\S+)$/m.exec(stdout)?.[1]
    if (ready === undefined) throw new Error(`Expected "ready ENDPOINT" from ${script}, got ${JSON.stringify(stdout)}`)
    const settings = { ...serverDefaults, endpoint: ready }
    await allowBrowsers(settings)
    return settings
  })
}

const serverDefaults = {
  region: 'us-east-1',
  bucket: process.env['S3_BUCKET'] ?? 'test-bucket',
  keyId: process.env['S3_ACCESS_KEY'] ?? 'testkey',
  applicationKey: process.env['S3_SECRET_KEY'] ?? 'testsecret',
  forcePathStyle: true,
}

/** What the operator of a real bucket sets by hand, once: browsers may upload parts and read their names. */
async function allowBrowsers(settings: BucketSettings): Promise<void> {
  const rule = {
    AllowedOrigins: ['*'],
    AllowedMethods: ['GET', 'HEAD', 'PUT'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag'],
  }
  const client = bareClient(settings)
  await client.send(new PutBucketCorsCommand({ Bucket: settings.bucket, CORSConfiguration: { CORSRules: [rule] } }))
  client.destroy()
}
