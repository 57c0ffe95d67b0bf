import { createReadStream } from 'node:fs'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { type Bucket, call } from './bucket.ts'
import { putInParts } from './put-in-parts.ts'
import { checkEtag, inBase64, sendingMs, type StoredObject, sumsOf } from './sums.ts'

/** Bytes in memory, or a file of known size that is streamed. */
export type PutBody = Buffer | { readonly path: string; readonly sizeBytes: number }

export type PutOptions = {
  readonly contentType: string
  readonly cacheControl?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** A file larger than this goes in parts of this size; 256 MB unless told. */
  readonly partBytes?: number
}

// one call takes 5 GB at most, an object 10,000 parts: 2.5 TB
const usualPartBytes = 256 * 1024 ** 2

/** Stores the bytes under a key of its own; the bucket checks them against their MD5 before it says yes. */
export async function putObject(
  bucket: Bucket,
  key: string,
  body: PutBody,
  options: PutOptions,
): Promise<StoredObject> {
  const stored = await describe(body)
  const { partBytes = usualPartBytes } = options
  if (Buffer.isBuffer(body) || stored.sizeBytes <= partBytes) await putAtOnce(bucket, key, body, { ...options, stored })
  else await putInParts(bucket, key, body.path, { ...options, stored, partBytes })
  return stored
}

async function putAtOnce(
  bucket: Bucket,
  key: string,
  body: PutBody,
  { stored, ...options }: PutOptions & { readonly stored: StoredObject },
): Promise<void> {
  const withinMs = bucket.patience.callMs + sendingMs(stored.sizeBytes)
  const { ETag } = await call(
    bucket,
    { action: 'store a file', key, signal: options.signal, withinMs },
    (abortSignal) => {
      const command = new PutObjectCommand({
        Bucket: bucket.name,
        Key: key,
        Body: Buffer.isBuffer(body) ? body : createReadStream(body.path),
        ContentLength: stored.sizeBytes, // without it a stream goes out in chunks of another encoding
        ContentMD5: inBase64(stored.md5),
        ContentType: options.contentType,
        CacheControl: options.cacheControl,
        Metadata: { sha256: stored.sha256 }, // for stores whose ETag says nothing about the bytes
      })
      return bucket.client.send(command, { abortSignal, requestTimeout: withinMs })
    },
  )
  checkEtag(key, ETag, stored.md5)
}

async function describe(body: PutBody): Promise<StoredObject> {
  const stored = await sumsOf(Buffer.isBuffer(body) ? [body] : (createReadStream(body.path) as AsyncIterable<Buffer>))
  if (!Buffer.isBuffer(body) && stored.sizeBytes !== body.sizeBytes) {
    throw new Error(`Expected ${body.sizeBytes} bytes in ${body.path}, got ${stored.sizeBytes}`)
  }
  return stored
}
