import { createHash, randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Readable } from 'node:stream'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { type Bucket, call } from './bucket.ts'
import { classify, ObjectCorrupt, StorageUnavailable } from './errors.ts'

/** What our tables say an object is. */
export type ExpectedObject = { readonly sizeBytes: number; readonly sha256: string }

export type ReadOptions = { readonly signal?: AbortSignal | undefined }

export type Digest = { readonly sizeBytes: number; readonly sha256: string; readonly md5: string }

const mostResumptions = 3
const action = 'give a file'

/** A whole object in memory, for small ones; never other bytes than those expected. */
export async function getObject(
  bucket: Bucket,
  key: string,
  expected: ExpectedObject,
  options: ReadOptions,
): Promise<Buffer> {
  const pieces: Buffer[] = []
  await readVerified(bucket, key, expected, options, (piece) => {
    pieces.push(piece)
  })
  return Buffer.concat(pieces)
}

/** A whole object into a file, which gets its name only once every byte is verified and on disk. */
export async function downloadObject(
  bucket: Bucket,
  key: string,
  path: string,
  expected: ExpectedObject,
  options: ReadOptions,
): Promise<void> {
  const draft = `${path}.${randomUUID()}.part`
  const file = await open(draft, 'wx')
  try {
    await readVerified(bucket, key, expected, options, (piece) => file.writeFile(piece))
    await file.sync()
    await file.close()
    await rename(draft, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await file.close()
    await rm(draft, { force: true })
    throw error
  }
}

/** Reads an object from end to end to learn what it is. */
export async function digestObject(bucket: Bucket, key: string, options: ReadOptions): Promise<Digest> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  let sizeBytes = 0
  for await (const piece of streamObject(bucket, key, options)) {
    sizeBytes += piece.length
    sha256.update(piece)
    md5.update(piece)
  }
  return { sizeBytes, sha256: sha256.digest('hex'), md5: md5.digest('hex') }
}

/** A few bytes from somewhere inside; fewer when the object ends before. */
export async function readRange(
  bucket: Bucket,
  key: string,
  { firstByte, lengthBytes, signal }: ReadOptions & { readonly firstByte: number; readonly lengthBytes: number },
): Promise<Buffer> {
  const range = `bytes=${firstByte}-${firstByte + lengthBytes - 1}`
  return call(bucket, { action, key, signal }, async (abortSignal) => {
    const command = new GetObjectCommand({ Bucket: bucket.name, Key: key, Range: range })
    const { Body } = await bucket.client.send(command, { abortSignal })
    const pieces: Buffer[] = []
    for await (const piece of Body as Readable) pieces.push(piece as Buffer)
    return Buffer.concat(pieces).subarray(0, lengthBytes)
  })
}

async function readVerified(
  bucket: Bucket,
  key: string,
  expected: ExpectedObject,
  options: ReadOptions,
  take: (piece: Buffer) => void | Promise<void>,
): Promise<void> {
  const sum = createHash('sha256')
  let sizeBytes = 0
  for await (const piece of streamObject(bucket, key, options)) {
    sizeBytes += piece.length
    if (sizeBytes > expected.sizeBytes) throw new ObjectCorrupt(key, `expected ${expected.sizeBytes} bytes, got more`)
    sum.update(piece)
    await take(piece)
  }
  if (sizeBytes !== expected.sizeBytes)
    throw new ObjectCorrupt(key, `expected ${expected.sizeBytes} bytes, got ${sizeBytes}`)
  const sha256 = sum.digest('hex')
  if (sha256 !== expected.sha256) throw new ObjectCorrupt(key, `expected SHA-256 ${expected.sha256}, got ${sha256}`)
}

/** The bytes of an object in order; a connection that breaks on the way is taken up where it broke. */
export async function* streamObject(bucket: Bucket, key: string, { signal }: ReadOptions): AsyncGenerator<Buffer> {
  let position = 0
  let etag: string | undefined
  for (let resumptions = 0; ; resumptions += 1) {
    try {
      const answer = await openObject(bucket, key, { position, etag, signal })
      etag = answer.etag
      for await (const piece of answer.pieces) {
        position += piece.length
        yield piece
      }
      return
    } catch (error) {
      const known = classify(error, action, key, signal)
      const isWorthwhile = known instanceof StorageUnavailable && position > 0 && resumptions < mostResumptions
      if (!isWorthwhile) throw known
    }
  }
}

type Position = {
  readonly position: number
  readonly etag: string | undefined
  readonly signal: AbortSignal | undefined
}
type OpenedObject = { readonly etag: string | undefined; readonly pieces: AsyncIterable<Buffer> }

/** The deadline ends with the answer's head: a large body takes the time it takes, as long as it moves. */
async function openObject({ client, name, patience }: Bucket, key: string, from: Position): Promise<OpenedObject> {
  const { position, etag, signal } = from
  const late = new AbortController()
  const timer = setTimeout(() => {
    late.abort()
  }, patience.callMs)
  const resumed = position === 0 ? {} : { Range: `bytes=${position}-`, IfMatch: etag }
  const command = new GetObjectCommand({ Bucket: name, Key: key, ...resumed })
  const abortSignal = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal])
  try {
    const { ETag, Body } = await client.send(command, { abortSignal })
    return { etag: ETag, pieces: withoutStalls(Body as Readable, patience.idleMs) }
  } finally {
    clearTimeout(timer)
  }
}

/** A connection that is open but silent would otherwise be waited for without end. */
async function* withoutStalls(body: Readable, idleMs: number): AsyncGenerator<Buffer> {
  const watch = (): NodeJS.Timeout =>
    setTimeout(() => body.destroy(new Error(`expected more bytes, got none for ${idleMs} ms`)), idleMs)
  let timer = watch()
  try {
    for await (const piece of body) {
      clearTimeout(timer)
      yield piece as Buffer
      timer = watch()
    }
  } finally {
    clearTimeout(timer)
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  await folder.sync().finally(() => folder.close())
}
