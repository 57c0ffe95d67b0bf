import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { type Bucket, call } from './bucket.ts'
import { ObjectCorrupt } from './errors.ts'

/** Bytes in memory, or a file of known size that is streamed. */
export type PutBody = Buffer | { readonly path: string; readonly sizeBytes: number }

export type PutOptions = {
  readonly contentType: string
  readonly cacheControl?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** What an object was when it was stored: kept in our tables, and demanded of every later read. */
export type StoredObject = { readonly sizeBytes: number; readonly sha256: string; readonly md5: string }

const slowestBytesPerMs = 128 // a megabit a second

/** Stores the bytes under a key of its own; the bucket checks them against their MD5 before it says yes. */
export async function putObject(
  bucket: Bucket,
  key: string,
  body: PutBody,
  options: PutOptions,
): Promise<StoredObject> {
  const stored = await describe(body)
  const withinMs = bucket.patience.callMs + Math.ceil(stored.sizeBytes / slowestBytesPerMs)
  const { ETag } = await call(
    bucket,
    { action: 'store a file', key, signal: options.signal, withinMs },
    (abortSignal) => {
      const command = new PutObjectCommand({
        Bucket: bucket.name,
        Key: key,
        Body: Buffer.isBuffer(body) ? body : createReadStream(body.path),
        ContentLength: stored.sizeBytes, // without it a stream goes out in chunks of another encoding
        ContentMD5: Buffer.from(stored.md5, 'hex').toString('base64'),
        ContentType: options.contentType,
        CacheControl: options.cacheControl,
        Metadata: { sha256: stored.sha256 }, // for stores whose ETag says nothing about the bytes
      })
      return bucket.client.send(command, { abortSignal, requestTimeout: withinMs })
    },
  )
  checkEtag(key, ETag, stored.md5)
  return stored
}

async function describe(body: PutBody): Promise<StoredObject> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  let sizeBytes = 0
  for await (const piece of Buffer.isBuffer(body) ? [body] : (createReadStream(body.path) as AsyncIterable<Buffer>)) {
    sizeBytes += piece.length
    sha256.update(piece)
    md5.update(piece)
  }
  if (!Buffer.isBuffer(body) && sizeBytes !== body.sizeBytes) {
    throw new Error(`Expected ${body.sizeBytes} bytes in ${body.path}, got ${sizeBytes}`)
  }
  return { sizeBytes, sha256: sha256.digest('hex'), md5: md5.digest('hex') }
}

/** An ETag of another form, as encrypting stores give, says nothing about the bytes. */
function checkEtag(key: string, etag: string | undefined, md5: string): void {
  const found = etag?.replaceAll('"', '').toLowerCase()
  if (found !== undefined && /^[0-9a-f]{32}$/.test(found) && found !== md5) {
    throw new ObjectCorrupt(key, `expected MD5 ${md5}, the bucket kept ${found}`)
  }
}
