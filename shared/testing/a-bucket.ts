import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type RunningBucket, startObjectStore } from '../../sandbox/infra/object-store.ts'
import { type BucketSettings, type ObjectStore, openObjectStore } from '../storage/object-store.ts'
import { type Cleanup } from './database.ts'

const keys = { accessKey: 'sandbox', secretKey: 'sandbox-secret', bucket: 'comptoir' }

export type TestBucket = {
  readonly store: ObjectStore
  readonly running: RunningBucket
  readonly settings: BucketSettings
  readonly dir: string
}

/** A real bucket in a folder of its own, and a client that does not wait long for it. */
export async function aBucket(t: Cleanup): Promise<TestBucket> {
  const dir = await mkdtemp(join(tmpdir(), 'comptoir-bucket-'))
  const running = await startObjectStore({ dir: join(dir, 'bucket'), ...keys })
  const settings = {
    endpoint: running.endpoint,
    region: 'us-east-1',
    bucket: keys.bucket,
    keyId: keys.accessKey,
    applicationKey: keys.secretKey,
    forcePathStyle: true,
  }
  const patience = { connectMs: 500, answerMs: 1_000, callMs: 2_000, idleMs: 1_000 }
  const store = openObjectStore(settings, pino({ enabled: false }), patience)
  t.after(async () => {
    store.close()
    await running.stop()
    await rm(dir, { recursive: true, force: true })
  })
  return { store, running, settings, dir }
}
