import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { type BucketSettings } from '../shared/storage/object-store.ts'
import { storageConformance } from '../shared/testing/conformance/storage.ts'
import { aRealBucket, askForRealServer, readServer } from '../shared/testing/real-bucket.ts'

const variables = ['B2_ENDPOINT', 'B2_BUCKET_NAME', 'B2_KEY_ID', 'B2_APPLICATION_KEY'] as const

const usage = `Tells what Comptoir expects of a bucket, and its stories about files, on a real S3 server:
  ${variables.join('=… ')}=… npm run test:storage
Each test makes a bucket of its own there, named after B2_BUCKET_NAME, and removes it. A key that may not make buckets
tries the expectations alone, inside the bucket it names.`

/** Whatever says something about objects that a server may see otherwise than the sandbox's bucket does. */
const stories = [
  'test/deletion.test.ts',
  'test/pictures.test.ts',
  'test/selling.test.ts',
  'test/hostile-uploads.test.ts',
  'services/delivery/damaged-original.test.ts',
  'services/janitor/chores/abort-abandoned-uploads.test.ts',
  'services/janitor/chores/bucket-chores.test.ts',
  'services/janitor/chores/purge-products.test.ts',
  'services/media/prepare-cover.test.ts',
  'services/media/repair-media.test.ts',
  'services/media/verify-upload.test.ts',
]

if (variables.every((name) => process.env[name] !== undefined)) testServer(readServer(process.env))
else {
  console.error(usage)
  process.exitCode = 64
}

function testServer(server: BucketSettings): void {
  let mayMakeBuckets = true
  const closers: (() => Promise<void>)[] = []
  after(async () => {
    for (const close of closers) await close()
  })
  const untilTheEnd = { after: (close: () => Promise<void>) => void closers.push(close) }
  storageConformance(`a bucket at ${new URL(server.endpoint).host}`, async () => {
    try {
      return await aRealBucket(untilTheEnd, server)
    } catch (error) {
      if (!isForbidden(error)) throw error
      mayMakeBuckets = false
      return server
    }
  })
  test('the stories about files, on this server', async (t) => {
    if (!mayMakeBuckets) {
      t.skip('this key may not make buckets')
      return
    }
    const runner = ['scripts/test.ts', ...stories]
    const told = spawn(process.execPath, runner, { stdio: 'inherit', env: { ...process.env, ...askForRealServer } })
    assert.deepEqual(await once(told, 'exit'), [0, null])
  })
}

const isForbidden = (error: unknown): boolean =>
  error instanceof Error &&
  '$metadata' in error &&
  (error.$metadata as { httpStatusCode?: number }).httpStatusCode === 403
