import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { pino } from 'pino'
import { ObjectMissing } from '../../shared/storage/errors.ts'
import { type BucketSettings, type ObjectStore, openObjectStore } from '../../shared/storage/object-store.ts'
import { bareClient } from '../../shared/testing/conformance/storage.ts'
import { type RunningBucket, startObjectStore } from './object-store.ts'
import { decodeAwsChunked } from './s3/aws-chunked.ts'

const keys = { accessKey: 'sandbox', secretKey: 'sandbox-secret', bucket: 'comptoir' }
const anything = { contentType: 'application/octet-stream' }

const settingsOf = ({ endpoint }: RunningBucket): BucketSettings => ({
  endpoint,
  region: 'us-east-1',
  bucket: keys.bucket,
  keyId: keys.accessKey,
  applicationKey: keys.secretKey,
  forcePathStyle: true,
})

const clientOf = (bucket: RunningBucket): ObjectStore => openObjectStore(settingsOf(bucket), pino({ enabled: false }))

describe("the sandbox's bucket on disk", () => {
  let dir = ''
  let bucket: RunningBucket
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'comptoir-bucket-test-'))
    bucket = await startObjectStore({ dir, ...keys })
  })
  after(async () => {
    await bucket.stop()
    await rm(dir, { recursive: true, force: true })
  })

  test('files, deletions and unfinished uploads survive a restart; half-received bytes do not', async () => {
    const first = clientOf(bucket)
    const stored = await first.put('a/kept', Buffer.from('kept'), anything)
    await first.put('a/removed', Buffer.from('removed'), anything)
    await first.remove('a/removed')
    const upload = { key: 'a/parts', uploadId: await first.createMultipart('a/parts', anything) }
    const link = await first.signPart(upload, { partNumber: 1, sizeBytes: 13, expiresInSeconds: 60 })
    await fetch(link, { method: 'PUT', body: 'the only part' })
    await bucket.stop()
    first.close()
    await writeFile(join(dir, 'incoming', 'half'), 'half of a file')
    await writeFile(join(dir, 'versions', 'never-described'), 'half of a file')

    bucket = await startObjectStore({ dir, ...keys })

    const second = clientOf(bucket)
    assert.equal((await second.get('a/kept', stored)).toString(), 'kept')
    assert.equal(await second.head('a/removed'), undefined)
    const parts = await second.listParts(upload)
    assert.equal((await second.completeMultipart(upload, parts)).sizeBytes, 'the only part'.length)
    second.close()
  })

  test('a plain deletion only hides a file, as it does with the real provider', async () => {
    const [store, bare] = [clientOf(bucket), bareClient(settingsOf(bucket))]
    const stored = await store.put('hidden', Buffer.from('still there'), anything)
    const versionIds = async (): Promise<(string | undefined)[]> => {
      const command = new ListObjectVersionsCommand({ Bucket: keys.bucket, Prefix: 'hidden' })
      return (await bare.send(command)).Versions?.map(({ VersionId }) => VersionId) ?? []
    }
    await bare.send(new DeleteObjectCommand({ Bucket: keys.bucket, Key: 'hidden' }))
    await assert.rejects(store.get('hidden', stored), ObjectMissing)
    assert.equal((await versionIds()).length, 1, 'the bytes are still paid for')
    await store.remove('hidden')
    assert.deepEqual(await versionIds(), [])
    store.close()
    bare.destroy()
  })

  test('a stream of unknown length arrives without its wrapping', async () => {
    const credentials = { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey }
    const settings = { endpoint: bucket.endpoint, region: 'us-east-1', forcePathStyle: true, credentials }
    const client = new S3Client(settings) // adds a checksum behind the body, as the client does by default
    const bytes = randomBytes(200_000)
    const body = Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)])
    await client.send(
      new PutObjectCommand({ Bucket: keys.bucket, Key: 'wrapped', Body: body, ContentLength: bytes.length }),
    )
    client.destroy()
    const store = clientOf(bucket)
    assert.deepEqual(await store.get('wrapped', await store.digest('wrapped')), bytes)
    store.close()
  })

  test('a second sandbox is told that the folder of the bucket is in use', async () => {
    await assert.rejects(startObjectStore({ dir, ...keys }), new RegExp(`process ${process.pid}\\) already uses`))
  })
})

test('wrapped bodies are read wherever the network cuts them, and refused when they are cut short', async () => {
  const wire = Buffer.from('5;chunk-signature=00\r\nhello\r\n7\r\n, world\r\n0\r\nx-amz-checksum-crc32:AAAA==\r\n\r\n')
  for (let cut = 0; cut <= wire.length; cut += 1) {
    const trailers = new Map<string, string>()
    const pieces = await Array.fromAsync(
      decodeAwsChunked(Readable.from([wire.subarray(0, cut), wire.subarray(cut)]), trailers),
    )
    assert.equal(Buffer.concat(pieces).toString(), 'hello, world')
    assert.equal(trailers.get('x-amz-checksum-crc32'), 'AAAA==')
    if (cut === wire.length) continue
    const short = decodeAwsChunked(Readable.from([wire.subarray(0, cut)]), new Map())
    await assert.rejects(Array.fromAsync(short), { code: 'IncompleteBody' })
  }
})
