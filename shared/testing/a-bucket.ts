import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type RunningBucket, startObjectStore } from '../../sandbox/infra/object-store.ts'
import { type BucketSettings, type ObjectStore, openObjectStore } from '../storage/object-store.ts'
import { type Cleanup } from './database.ts'
import { aRealBucket, realServer } from './real-bucket.ts'

const keys = { accessKey: 'sandbox', secretKey: 'sandbox-secret', bucket: 'comptoir' }

const settingsOf = ({ endpoint }: RunningBucket): BucketSettings => ({
  endpoint,
  region: 'us-east-1',
  bucket: keys.bucket,
  keyId: keys.accessKey,
  applicationKey: keys.secretKey,
  forcePathStyle: true,
})

export type TestBucket = {
  readonly store: ObjectStore
  readonly running: RunningBucket
  readonly settings: BucketSettings
  readonly dir: string
}

/**
 * A real bucket in a folder of its own, and a client as patient as that of the shop: a machine that is slow makes no bucket
 * that is away. When a server was named for the tests, the client works there; `running` is what `playsFaults` is about.
 */
export async function aBucket(t: Cleanup): Promise<TestBucket> {
  const server = realServer()
  const dir = await mkdtemp(join(tmpdir(), 'comptoir-bucket-'))
  const running = await startObjectStore({ dir: join(dir, 'bucket'), ...keys })
  const settings = server === undefined ? settingsOf(running) : await aRealBucket(t, server)
  const store = openObjectStore(settings, pino({ enabled: false }))
  t.after(async () => {
    store.close()
    await running.stop()
    await rm(dir, { recursive: true, force: true })
  })
  return { store, running, settings, dir }
}
