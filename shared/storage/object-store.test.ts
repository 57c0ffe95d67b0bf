import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { pino } from 'pino'
import { type RunningBucket, startObjectStore } from '../../sandbox/infra/object-store.ts'
import { ObjectCorrupt, StorageRefused, StorageUnavailable } from './errors.ts'
import { type ObjectStore, openObjectStore, type StoredObject } from './object-store.ts'

const keys = { accessKey: 'sandbox', secretKey: 'sandbox-secret', bucket: 'comptoir' }
const anything = { contentType: 'application/octet-stream' }
const impatient = { connectMs: 500, answerMs: 100, callMs: 1_000, idleMs: 100 }

describe('a bucket that misbehaves', () => {
  let dir = ''
  let bucket: RunningBucket
  let store: ObjectStore
  /** The same bucket, for whoever does not wait long for an answer. */
  let hurried: ObjectStore
  let stored: StoredObject
  const bytes = randomBytes(3_000_000)

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'comptoir-faulty-bucket-'))
    bucket = await startObjectStore({ dir: join(dir, 'bucket'), ...keys })
    const { accessKey: keyId, secretKey: applicationKey, bucket: name } = keys
    const settings = {
      endpoint: bucket.endpoint,
      region: 'us-east-1',
      bucket: name,
      keyId,
      applicationKey,
      forcePathStyle: true,
    }
    store = openObjectStore(settings, pino({ enabled: false }))
    hurried = openObjectStore(settings, pino({ enabled: false }), impatient)
    stored = await store.put('file', bytes, anything)
  })
  afterEach(() => {
    bucket.faults.clear()
  })
  after(async () => {
    store.close()
    hurried.close()
    await bucket.stop()
    await rm(dir, { recursive: true, force: true })
  })

  test('a wrong byte on the way is noticed, and no file with it is left on the disk', async () => {
    bucket.faults.inject({ kind: 'corrupt', on: 'get' })
    await assert.rejects(store.get('file', stored), ObjectCorrupt)
    await assert.rejects(store.download('file', join(dir, 'wrong'), stored), ObjectCorrupt)
    assert.deepEqual(await readdir(dir), ['bucket'])
  })

  test('a download cut in the middle goes on where it was cut', async () => {
    bucket.faults.inject({ kind: 'truncate', on: 'get', times: 2 })
    await store.download('file', join(dir, 'whole'), stored)
    assert.deepEqual(await readFile(join(dir, 'whole')), bytes)
    await rm(join(dir, 'whole'))
  })

  test('a download that is cut again and again is given up, to be tried later', async () => {
    bucket.faults.inject({ kind: 'truncate', on: 'get' })
    await assert.rejects(store.download('file', join(dir, 'never'), stored), StorageUnavailable)
    assert.deepEqual(await readdir(dir), ['bucket'])
  })

  test('a passing weakness of the bucket is not noticed at all', async () => {
    for (const kind of ['slow down', 'error', 'unavailable', 'reset'] as const) {
      bucket.faults.inject({ kind, times: 1 })
      assert.equal((await store.head('file'))?.sizeBytes, bytes.length, kind)
    }
  })

  test('a lasting weakness of the bucket says that trying later may help', async () => {
    for (const kind of ['error', 'unavailable', 'reset', 'hang'] as const) {
      bucket.faults.inject({ kind })
      const asked = kind === 'hang' ? hurried : store
      await assert.rejects(asked.head('file'), StorageUnavailable, kind)
      await assert.rejects(asked.put('other', Buffer.from('x'), anything), StorageUnavailable, kind)
      assert.equal((await asked.checkBucket()).kind, 'unreachable', kind)
      bucket.faults.clear()
    }
  })

  test('a refusal is not mistaken for a weakness', async () => {
    bucket.faults.inject({ kind: 'refuse' })
    await assert.rejects(store.head('file'), StorageRefused)
    await assert.rejects(store.get('file', stored), StorageRefused)
    assert.equal((await store.checkBucket()).kind, 'refused')
  })

  test('a file whose storing was not confirmed can be stored again', async () => {
    bucket.faults.inject({ kind: 'lost answer', on: 'put', times: 1 })
    const again = await store.put('unconfirmed', Buffer.from('once'), anything)
    assert.equal((await store.get('unconfirmed', again)).toString(), 'once')
    await store.remove('unconfirmed')
    assert.equal(await store.head('unconfirmed'), undefined)
  })

  test('an upload in parts whose completion was not confirmed is complete', async () => {
    const upload = { key: 'parts', uploadId: await store.createMultipart('parts', anything) }
    await fetch(await store.signPart(upload, { partNumber: 1, sizeBytes: 6, expiresInSeconds: 60 }), {
      method: 'PUT',
      body: 'a part',
    })
    const parts = await store.listParts(upload)
    bucket.faults.inject({ kind: 'lost answer', on: 'put', times: 1 })
    assert.equal((await store.completeMultipart(upload, parts)).sizeBytes, 'a part'.length)
  })

  test('a large file goes on with the part that was lost, and one that cannot be stored leaves no parts behind', async () => {
    const large = { path: join(dir, 'large'), sizeBytes: 11_000_000 }
    await writeFile(large.path, randomBytes(large.sizeBytes))
    const inParts = { ...anything, partBytes: 5 * 1024 ** 2 }
    const parts = async (): Promise<number> => (await Array.fromAsync(store.listMultiparts(''))).length
    bucket.faults.inject({ kind: 'reset', on: 'part', times: 2 })
    const kept = await store.put('large', large, inParts)
    assert.equal((await store.digest('large')).sha256, kept.sha256)
    bucket.faults.inject({ kind: 'reset', on: 'part' })
    await assert.rejects(store.put('larger', large, inParts), StorageUnavailable)
    bucket.faults.clear()
    assert.equal(await store.head('larger'), undefined)
    assert.equal(await parts(), 0)
    await rm(large.path)
  })

  test('a caller that stops in the middle of a download leaves nothing behind', async () => {
    const stopping = new AbortController()
    const reason = new Error('the service is stopping')
    bucket.faults.inject({ kind: 'hang', on: 'get' })
    const download = store.download('file', join(dir, 'stopped'), stored, { signal: stopping.signal })
    stopping.abort(reason)
    await assert.rejects(download, reason)
    assert.deepEqual(await readdir(dir), ['bucket'])
  })
})
