import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { StorageRefused, StorageUnavailable } from '../../storage/errors.ts'
import { type BucketSettings, type ObjectStore, openObjectStore } from '../../storage/object-store.ts'
import { type StorageUnderTest } from './storage.ts'

export function storageRefusesStrangers(subject: () => StorageUnderTest): void {
  test('without a signature nobody reads, writes, lists or deletes anything', async () => {
    const { store, settings, newKey } = subject()
    const key = newKey()
    const stored = await store.put(key, Buffer.from('private'), { contentType: 'text/plain' })
    const bucket = `${settings.endpoint}/${settings.bucket}`
    for (const [method, url] of [
      ['GET', `${bucket}/${key}`],
      ['HEAD', `${bucket}/${key}`],
      ['PUT', `${bucket}/${key}`],
      ['DELETE', `${bucket}/${key}`],
      ['GET', `${bucket}?list-type=2`],
      ['POST', `${bucket}/${key}?uploads`],
    ] as const) {
      const response = await fetch(url, { method, ...(method === 'PUT' ? { body: 'public' } : {}) })
      await response.body?.cancel()
      assert.equal(response.status, 403, `${method} ${url}`)
    }
    assert.equal((await store.get(key, stored)).toString(), 'private')
  })

  test('a wrong key is refused in words an operator understands', async () => {
    const { settings, newKey } = subject()
    const wrongSecret = opened({ ...settings, applicationKey: 'not the secret' })
    const wrongId = opened({ ...settings, keyId: 'nobody' })
    const put = (store: ObjectStore): Promise<unknown> =>
      store.put(newKey(), Buffer.from('x'), { contentType: 'text/plain' })
    await assert.rejects(
      put(wrongSecret),
      (error) => error instanceof StorageRefused && error.message.includes('B2_APPLICATION_KEY'),
    )
    await assert.rejects(
      put(wrongId),
      (error) => error instanceof StorageRefused && error.message.includes('B2_KEY_ID'),
    )
    assert.equal((await wrongSecret.checkBucket()).kind, 'refused')
    assert.equal((await wrongId.checkBucket()).kind, 'refused')
  })

  test('the bucket is checked, and a missing or unreachable one is told apart', async () => {
    const { store, settings } = subject()
    assert.equal((await store.checkBucket()).kind, 'ok')
    assert.equal((await opened({ ...settings, bucket: 'comptoir-no-such-bucket' }).checkBucket()).kind, 'missing')
    const nowhere = opened({ ...settings, endpoint: 'http://127.0.0.1:9' })
    assert.equal((await nowhere.checkBucket()).kind, 'unreachable')
    await assert.rejects(nowhere.head('any'), StorageUnavailable)
  })

  test('a caller that gives up is not kept waiting', async () => {
    const { store, newKey } = subject()
    const stored = await store.put(newKey('given-up'), Buffer.alloc(1_000_000), { contentType: 'text/plain' })
    const reason = new Error('the service is stopping')
    await assert.rejects(store.get(newKey('given-up'), stored, { signal: AbortSignal.abort(reason) }), reason)
  })
}

const opened = (settings: BucketSettings): ObjectStore =>
  openObjectStore(settings, pino({ enabled: false }), {
    connectMs: 1_000,
    answerMs: 5_000,
    callMs: 10_000,
    idleMs: 5_000,
  })
