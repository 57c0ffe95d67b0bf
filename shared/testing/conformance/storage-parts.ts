import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { UploadPartCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { checkUploads } from '../../storage/check-uploads.ts'
import { StorageRefused, UploadMissing } from '../../storage/errors.ts'
import { type MultipartUpload } from '../../storage/object-store.ts'
import { type StorageUnderTest } from './storage.ts'

const smallestPart = 5 * 1024 ** 2

export function storageTakesParts(subject: () => StorageUnderTest): void {
  test('parts sent by a browser become one file', async () => {
    const { store } = subject()
    const upload = await begin(subject())
    const parts = [randomBytes(smallestPart), randomBytes(smallestPart), randomBytes(1_234)]
    for (const number of [3, 1, 2]) await sendPart(subject(), upload, number, parts[number - 1] ?? Buffer.alloc(0))
    assert.equal(await store.head(upload.key), undefined, 'nothing is visible before the upload is complete')

    const listed = await store.listParts(upload)
    assert.deepEqual(
      listed.map(({ number, etag, sizeBytes }) => [number, etag, sizeBytes]),
      parts.map((bytes, index) => [index + 1, md5Of(bytes), bytes.length]),
    )
    const head = await store.completeMultipart(upload, listed)
    const whole = Buffer.concat(parts)
    const sums = md5Of(Buffer.from(listed.map(({ etag }) => etag).join(''), 'hex'))
    assert.deepEqual([head.sizeBytes, head.etag, head.contentType], [whole.length, `${sums}-3`, 'application/zip'])
    assert.deepEqual(await store.get(upload.key, await store.digest(upload.key)), whole)
    const again = await store.completeMultipart(upload, listed)
    assert.equal(again.etag, head.etag, 'a lost answer may be asked for again')
  })

  test('a file too large for one call is stored in parts, as whole as one that is not', async () => {
    const { store, newKey, folder } = subject()
    const [bytes, path, key] = [randomBytes(2 * smallestPart + 1), join(folder, 'large'), newKey()]
    await writeFile(path, bytes)
    const options = { contentType: 'application/zip', partBytes: smallestPart }
    const stored = await store.put(key, { path, sizeBytes: bytes.length }, options)
    assert.deepEqual([stored.sizeBytes, stored.md5], [bytes.length, md5Of(bytes)])
    assert.deepEqual(await store.get(key, stored), bytes)
    const head = await store.head(key)
    assert.deepEqual([head?.sha256, head?.contentType], [stored.sha256, 'application/zip'])
    assert.match(head?.etag ?? '', /-3$/)
  })

  test('a part sent twice counts once, as it was sent last', async () => {
    const { store } = subject()
    const upload = await begin(subject())
    await sendPart(subject(), upload, 1, Buffer.from('a first try'))
    await sendPart(subject(), upload, 1, Buffer.from('the second'))
    const { sizeBytes } = await store.completeMultipart(upload, await store.listParts(upload))
    assert.equal(sizeBytes, 'the second'.length)
  })

  test('an upload that was given up leaves nothing behind', async () => {
    const { store, prefix } = subject()
    const upload = await begin(subject())
    await sendPart(subject(), upload, 1, Buffer.from('never finished'))
    const unfinished = async (): Promise<string[]> => {
      const ids: string[] = []
      for await (const { uploadId } of store.listMultiparts(prefix)) ids.push(uploadId)
      return ids
    }
    assert.ok((await unfinished()).includes(upload.uploadId))

    await store.abortMultipart(upload)

    assert.ok(!(await unfinished()).includes(upload.uploadId))
    assert.equal(await store.head(upload.key), undefined)
    await assert.rejects(store.listParts(upload), UploadMissing)
    await assert.rejects(store.completeMultipart(upload, [{ number: 1, etag: md5Of(Buffer.from('x')) }]), UploadMissing)
    await store.abortMultipart(upload)
  })

  test('parts that do not fit together are refused', async () => {
    const { store } = subject()
    const upload = await begin(subject())
    const etags = new Map<number, string>()
    for (const number of [1, 2])
      etags.set(number, await sendPart(subject(), upload, number, Buffer.from(`part ${number}`)))
    const part = (number: number): { number: number; etag: string } => ({ number, etag: etags.get(number) ?? '' })
    const complete = (parts: { number: number; etag: string }[]): Promise<unknown> =>
      store.completeMultipart(upload, parts)
    await assert.rejects(complete([part(1), part(2)]), isRefusal('EntityTooSmall'))
    await assert.rejects(complete([{ number: 1, etag: md5Of(Buffer.from('another')) }]), isRefusal('InvalidPart'))
    await assert.rejects(complete([part(1), { number: 7, etag: md5Of(Buffer.from('none')) }]), StorageRefused)
    assert.equal(await store.head(upload.key), undefined)
  })

  test('a link for a part takes that part of that upload, as large as it was said to be, while it is valid', async () => {
    const { store, bare, settings } = subject()
    const [upload, other] = [await begin(subject()), await begin(subject())]
    const bytes = randomBytes(1_000)
    const link = await store.signPart(upload, { partNumber: 1, sizeBytes: 1_000, expiresInSeconds: 60 })
    const put = async (url: string, body: Buffer): Promise<number> => {
      const response = await fetch(url, { method: 'PUT', body: new Uint8Array(body) })
      await response.body?.cancel()
      return response.status
    }
    const command = new UploadPartCommand({
      Bucket: settings.bucket,
      Key: upload.key,
      UploadId: upload.uploadId,
      PartNumber: 1,
    })
    const signingDate = new Date(Date.now() - 3_600_000)
    const altered = [
      link.replace('partNumber=1', 'partNumber=2'),
      link.replace(upload.uploadId, other.uploadId),
      link.replace(/X-Amz-Signature=[0-9a-f]{8}/, 'X-Amz-Signature=00000000'),
      await getSignedUrl(bare, command, { expiresIn: 60, signingDate }),
    ]
    for (const each of altered) {
      assert.notEqual(each, link)
      assert.equal(await put(each, bytes), 403, each)
    }
    assert.equal(await put(link, randomBytes(1_001)), 403, 'larger than announced')
    assert.equal(await put(link, randomBytes(999)), 403, 'smaller than announced')
    assert.deepEqual(await store.listParts(upload), [])
    assert.equal(await put(link, bytes), 200)
  })

  test('an upload of more parts than a listing holds is listed whole', async () => {
    const { store } = subject()
    const upload = await begin(subject())
    const numbers = Array.from({ length: 1_003 }, (_, index) => index + 1)
    for (let first = 0; first < numbers.length; first += 50) {
      const batch = numbers.slice(first, first + 50)
      await Promise.all(batch.map((number) => sendPart(subject(), upload, number, Buffer.from(String(number)))))
    }
    const listed = await store.listParts(upload)
    assert.deepEqual(
      listed.map(({ number }) => number),
      numbers,
    )
    await store.abortMultipart(upload)
  })

  test('the upload page may send parts from its own address and read what they are called', async () => {
    const { store } = subject()
    const upload = await begin(subject())
    const sizeBytes = Buffer.byteLength('from a page')
    const link = await store.signPart(upload, { partNumber: 1, sizeBytes, expiresInSeconds: 60 })
    const origin = 'https://shop.example'
    const asked = await fetch(link, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' },
    })
    assert.equal(asked.status, 200)
    assert.match(asked.headers.get('access-control-allow-methods') ?? '', /PUT/)
    const sent = await fetch(link, { method: 'PUT', headers: { origin }, body: 'from a page' })
    assert.ok(['*', origin].includes(sent.headers.get('access-control-allow-origin') ?? ''))
    assert.match(sent.headers.get('access-control-expose-headers') ?? '', /etag/i)
    assert.equal(sent.headers.get('etag'), `"${md5Of(Buffer.from('from a page'))}"`)
    assert.equal((await checkUploads(store, origin)).kind, 'ok', 'what the operator is told agrees')
  })
}

async function begin({ store, newKey }: StorageUnderTest): Promise<MultipartUpload> {
  const key = newKey()
  return { key, uploadId: await store.createMultipart(key, { contentType: 'application/zip' }) }
}

async function sendPart(
  { store }: StorageUnderTest,
  upload: MultipartUpload,
  number: number,
  bytes: Buffer,
): Promise<string> {
  const link = await store.signPart(upload, { partNumber: number, sizeBytes: bytes.length, expiresInSeconds: 60 })
  const response = await fetch(link, { method: 'PUT', body: new Uint8Array(bytes) })
  assert.equal(response.status, 200, await response.text())
  return (response.headers.get('etag') ?? '').replaceAll('"', '')
}

const isRefusal =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof StorageRefused && error.code === code

const md5Of = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex')
