import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type StorageUnderTest } from './storage.ts'

export function storageGuardsLinks(subject: () => StorageUnderTest): void {
  test('a download link saves the file under its own name and never opens it as a page', async () => {
    const { store, newKey } = subject()
    const key = newKey()
    await store.put(key, Buffer.from('<script>alert(1)</script>'), { contentType: 'text/html' })
    const fileName = 'Étude "finale" — 日本\n.html'
    const link = await store.signDownload(key, {
      fileName,
      contentType: 'text/html; charset=utf-8',
      expiresInSeconds: 60,
    })
    const response = await fetch(link)
    assert.equal(response.status, 200)
    assert.equal(await response.text(), '<script>alert(1)</script>')
    assert.equal(response.headers.get('content-type'), 'application/octet-stream')
    assert.equal(
      response.headers.get('content-disposition'),
      `attachment; filename="Etude _finale_ _ ___.html"; filename*=UTF-8''%C3%89tude%20_finale_%20%E2%80%94%20%E6%97%A5%E6%9C%AC_.html`,
    )
    assert.equal(response.headers.get('cache-control'), 'private, no-store')
  })

  test('a download that broke off can be taken up where it stopped', async () => {
    const { store, newKey } = subject()
    const [key, bytes] = [newKey(), randomBytes(50_000)]
    await store.put(key, bytes, { contentType: 'application/pdf' })
    const link = await store.signDownload(key, {
      fileName: 'a.pdf',
      contentType: 'application/pdf',
      expiresInSeconds: 60,
    })
    const response = await fetch(link, { headers: { range: 'bytes=20000-' } })
    assert.equal(response.status, 206)
    assert.equal(response.headers.get('content-range'), 'bytes 20000-49999/50000')
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes.subarray(20_000))
    const beyond = await fetch(link, { headers: { range: 'bytes=50000-' } })
    await beyond.body?.cancel()
    assert.equal(beyond.status, 416)
  })

  test('a link opens the one file it was made for, as long as it was made for', async () => {
    const { store, bare, settings, newKey } = subject()
    const [key, other] = [newKey('one'), newKey('two')]
    for (const each of [key, other]) await store.put(each, Buffer.from(each), { contentType: 'text/plain' })
    const link = await store.signDownload(key, { fileName: 'one.txt', contentType: 'text/plain', expiresInSeconds: 60 })
    const yesterday = new Date(Date.now() - 24 * 3_600_000)
    const command = new GetObjectCommand({ Bucket: settings.bucket, Key: key })
    const expired = await getSignedUrl(bare, command, { expiresIn: 60, signingDate: yesterday })
    const altered = [
      link.replace('/one?', '/two?'),
      link.replace('one.txt', 'one.html'),
      link.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'),
      link.replace(/X-Amz-Signature=[0-9a-f]{8}/, 'X-Amz-Signature=00000000'),
      expired,
    ]
    assert.equal(await statusOf(link), 200)
    for (const each of altered) {
      assert.notEqual(each, link)
      assert.equal(await statusOf(each), 403, each)
    }
  })

  test('a link cannot be used for anything but downloading', async () => {
    const { store, newKey } = subject()
    const key = newKey()
    const stored = await store.put(key, Buffer.from('mine'), { contentType: 'text/plain' })
    const link = await store.signDownload(key, { fileName: 'a.txt', contentType: 'text/plain', expiresInSeconds: 60 })
    assert.equal(await statusOf(link, { method: 'PUT', body: 'yours' }), 403)
    assert.equal(await statusOf(link, { method: 'DELETE' }), 403)
    assert.equal((await store.get(key, stored)).toString(), 'mine')
  })

  test('no link lives longer than the week the provider allows', async () => {
    const { store, newKey } = subject()
    const week = 7 * 24 * 3_600
    const link = { fileName: 'a.txt', contentType: 'text/plain' }
    await assert.rejects(store.signDownload(newKey(), { ...link, expiresInSeconds: week + 1 }), RangeError)
    assert.match(await store.signDownload(newKey(), { ...link, expiresInSeconds: week }), /X-Amz-Expires=604800/)
  })
}

async function statusOf(url: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(url, init)
  await response.body?.cancel()
  return response.status
}
