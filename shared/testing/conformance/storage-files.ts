import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { ObjectCorrupt, ObjectMissing } from '../../storage/errors.ts'
import { type StorageUnderTest } from './storage.ts'

const anything = { contentType: 'application/octet-stream' }
const md5Of = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex')
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

async function versionsUnder({ bare, settings }: StorageUnderTest, prefix: string): Promise<unknown[]> {
  const page = await bare.send(new ListObjectVersionsCommand({ Bucket: settings.bucket, Prefix: prefix }))
  return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]
}

export function storageKeepsFiles(subject: () => StorageUnderTest): void {
  test('a stored file comes back byte for byte, from nothing at all to several megabytes', async () => {
    const { store, newKey } = subject()
    for (const size of [0, 1, 70_000, 6_000_000]) {
      const [key, bytes] = [newKey(), randomBytes(size)]
      const stored = await store.put(key, bytes, anything)
      assert.deepEqual(stored, { sizeBytes: size, sha256: sha256Of(bytes), md5: md5Of(bytes) })
      assert.deepEqual(await store.get(key, stored), bytes)
      assert.deepEqual(await store.digest(key), stored)
      const head = await store.head(key)
      assert.deepEqual([head?.sizeBytes, head?.etag, head?.sha256], [size, md5Of(bytes), sha256Of(bytes)])
    }
  })

  test('a large file goes up from the disk and comes down to the disk', async () => {
    const { store, newKey, folder } = subject()
    const [key, bytes] = [newKey(), randomBytes(12_345_678)]
    const [source, target] = [join(folder, 'source.zip'), join(folder, 'down', 'target.zip')]
    await writeFile(source, bytes)
    const stored = await store.put(key, { path: source, sizeBytes: bytes.length }, { contentType: 'application/zip' })
    assert.equal((await store.head(key))?.contentType, 'application/zip')
    await assert.rejects(
      store.download(key, target, stored),
      { code: 'ENOENT' },
      'the folder is for the caller to make',
    )
    await store.download(key, join(folder, 'target.zip'), stored)
    assert.deepEqual(await readFile(join(folder, 'target.zip')), bytes)
  })

  test('bytes that are not those that were sold are never handed out', async () => {
    const { store, newKey, folder } = subject()
    const [key, bytes] = [newKey(), randomBytes(100_000)]
    const stored = await store.put(key, bytes, anything)
    const others = [
      { ...stored, sha256: sha256Of(Buffer.from('something else')) },
      { ...stored, sizeBytes: stored.sizeBytes - 1 },
      { ...stored, sizeBytes: stored.sizeBytes + 1 },
    ]
    for (const expected of others) {
      await assert.rejects(store.get(key, expected), ObjectCorrupt)
      await assert.rejects(store.download(key, join(folder, 'never'), expected), ObjectCorrupt)
    }
    const left = await readdir(folder)
    assert.deepEqual(
      left.filter((name) => name.startsWith('never')),
      [],
    )
  })

  test('a file that was never stored is missing, and not empty', async () => {
    const { store, newKey, folder } = subject()
    const key = newKey()
    const expected = { sizeBytes: 0, sha256: sha256Of(Buffer.alloc(0)) }
    assert.equal(await store.head(key), undefined)
    await assert.rejects(store.get(key, expected), ObjectMissing)
    await assert.rejects(store.download(key, join(folder, 'missing'), expected), ObjectMissing)
    await assert.rejects(store.digest(key), ObjectMissing)
    await assert.rejects(store.readRange(key, { firstByte: 0, lengthBytes: 1 }), ObjectMissing)
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('missing')),
      [],
    )
  })

  test('a few bytes can be read from the middle of a file and from its end', async () => {
    const { store, newKey } = subject()
    const [key, bytes] = [newKey(), randomBytes(10_000)]
    await store.put(key, bytes, anything)
    assert.deepEqual(await store.readRange(key, { firstByte: 4_000, lengthBytes: 100 }), bytes.subarray(4_000, 4_100))
    assert.deepEqual(await store.readRange(key, { firstByte: 9_990, lengthBytes: 100 }), bytes.subarray(9_990))
  })

  test('bytes that were damaged on the way up are refused', async () => {
    const { bare, settings, store, newKey } = subject()
    const key = newKey()
    const command = new PutObjectCommand({
      Bucket: settings.bucket,
      Key: key,
      Body: Buffer.from('what arrived'),
      ContentMD5: createHash('md5').update('what was sent').digest('base64'),
    })
    await assert.rejects(bare.send(command), { name: 'BadDigest' })
    assert.equal(await store.head(key), undefined)
  })

  test('any letter may stand in a key', async () => {
    const { store, newKey } = subject()
    const key = newKey("a b+c&d=e%2F?#'(!)*~é/Ж—日本.bin")
    const stored = await store.put(key, Buffer.from('here'), anything)
    assert.equal((await store.get(key, stored)).toString(), 'here')
    await store.remove(key)
    assert.equal(await store.head(key), undefined)
  })

  test('a removed file is gone with all its versions, and only that file', async () => {
    const { store, bare, settings, newKey } = subject()
    const key = newKey()
    const neighbour = await store.put(`${key}-2`, Buffer.from('neighbour'), anything)
    for (const text of ['first', 'second', 'third']) await store.put(key, Buffer.from(text), anything)

    await store.remove(key)

    assert.equal(await store.head(key), undefined)
    const { Versions = [], DeleteMarkers = [] } = await bare.send(
      new ListObjectVersionsCommand({ Bucket: settings.bucket, Prefix: key }),
    )
    assert.deepEqual(
      [...Versions, ...DeleteMarkers].map(({ Key }) => Key),
      [`${key}-2`],
    )
    assert.equal((await store.get(`${key}-2`, neighbour)).toString(), 'neighbour')
    await store.remove(key)
  })

  test('of a file that was replaced only the newest version stays', async () => {
    const { store, bare, settings, newKey } = subject()
    const key = newKey()
    const neighbour = await store.put(`${key}-2`, Buffer.from('neighbour'), anything)
    for (const text of ['first', 'second']) await store.put(key, Buffer.from(text), anything)
    const stored = await store.put(key, Buffer.from('third'), anything)

    await store.removeOldVersions(key)

    assert.equal((await store.get(key, stored)).toString(), 'third')
    const { Versions = [] } = await bare.send(new ListObjectVersionsCommand({ Bucket: settings.bucket, Prefix: key }))
    assert.deepEqual(Versions.map(({ Key }) => Key).sort(), [key, `${key}-2`])
    assert.equal((await store.get(`${key}-2`, neighbour)).toString(), 'neighbour')
  })

  test('whatever takes space is counted once per file, with the versions that are only hidden', async () => {
    const { store, bare, settings, newKey } = subject()
    const folder = newKey()
    const keys = ['hidden', 'replaced', 'single'].map((name) => `${folder}/${name}`)
    for (const key of keys) await store.put(key, Buffer.from('four'), anything)
    await store.put(`${folder}/replaced`, Buffer.from('again'), anything)
    const keepsVersions = (await versionsUnder(subject(), `${folder}/replaced`)).length === 2
    await bare.send(new DeleteObjectCommand({ Bucket: settings.bucket, Key: `${folder}/hidden` }))

    const kept: [string, number][] = []
    for await (const { key, sizeBytes, modifiedAt } of store.listKept(`${folder}/`)) {
      assert.ok(modifiedAt !== undefined && Math.abs(Date.now() - modifiedAt.getTime()) < 60_000)
      kept.push([key, sizeBytes])
    }

    assert.deepEqual(
      kept.sort(),
      keepsVersions
        ? [
            [`${folder}/hidden`, 4],
            [`${folder}/replaced`, 9],
            [`${folder}/single`, 4],
          ]
        : [
            [`${folder}/replaced`, 5],
            [`${folder}/single`, 4],
          ],
    )
    for (const key of keys) await store.remove(key)
    assert.deepEqual(await versionsUnder(subject(), folder), [], 'nothing is left, not even a mark')
  })

  test('the listing shows every file of a folder, page after page, and nothing beside it', async () => {
    const { store, bare, settings, newKey } = subject()
    const folder = newKey()
    const keys = ['1', '2', '3', '4', '5'].map((name) => `${folder}/${name}`)
    for (const key of [...keys, `${folder}-beside`]) await store.put(key, Buffer.from(key), anything)
    const listed: string[] = []
    for await (const { key, sizeBytes } of store.list(`${folder}/`)) {
      assert.equal(sizeBytes, Buffer.byteLength(key))
      listed.push(key)
    }
    assert.deepEqual(listed, keys)

    const pages: string[][] = []
    let token: string | undefined
    do {
      const page = { Bucket: settings.bucket, Prefix: `${folder}/`, MaxKeys: 2, ContinuationToken: token }
      const { Contents = [], NextContinuationToken } = await bare.send(new ListObjectsV2Command(page))
      pages.push(Contents.flatMap(({ Key }) => Key ?? []))
      token = NextContinuationToken
    } while (token !== undefined)
    assert.deepEqual(pages, [keys.slice(0, 2), keys.slice(2, 4), keys.slice(4)])
  })
}
