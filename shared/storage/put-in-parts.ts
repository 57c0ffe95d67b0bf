import { createReadStream } from 'node:fs'
import { UploadPartCommand } from '@aws-sdk/client-s3'
import { type Bucket, call } from './bucket.ts'
import { ObjectCorrupt, StorageUnavailable } from './errors.ts'
import {
  abortMultipart,
  completeMultipart,
  createMultipart,
  type MultipartUpload,
  type UploadedPart,
} from './multipart.ts'
import { checkEtag, inBase64, sendingMs, type StoredObject, sumsOf } from './sums.ts'

export type InParts = {
  readonly stored: StoredObject
  readonly partBytes: number
  readonly contentType: string
  readonly cacheControl?: string | undefined
  readonly signal?: AbortSignal | undefined
}

const mostTries = 3

/**
 * Stores a file that is too large for one call. Each part is checked by the bucket and sent again when it is lost on the way;
 * nothing is visible before all are there. What a process that dies leaves is freed by the janitor.
 */
export async function putInParts(bucket: Bucket, key: string, path: string, options: InParts): Promise<void> {
  const { stored, partBytes, contentType, cacheControl, signal } = options
  const metadata = { sha256: stored.sha256 }
  const uploadId = await createMultipart(bucket, key, { contentType, cacheControl, metadata })
  const upload = { key, uploadId }
  try {
    const parts: UploadedPart[] = []
    for (let start = 0; start < stored.sizeBytes; start += partBytes) {
      const end = Math.min(start + partBytes, stored.sizeBytes) - 1 // the last byte of the part
      parts.push(await sendPart(bucket, upload, { path, start, end, number: parts.length + 1, signal }))
    }
    const { sizeBytes } = await completeMultipart(bucket, upload, parts)
    if (sizeBytes !== stored.sizeBytes)
      throw new ObjectCorrupt(key, `expected ${stored.sizeBytes} bytes, the bucket kept ${sizeBytes}`)
  } catch (error) {
    await abortMultipart(bucket, upload).catch(() => undefined) // else the janitor does
    throw error
  }
}

type Part = {
  readonly path: string
  readonly start: number
  readonly end: number
  readonly number: number
  readonly signal: AbortSignal | undefined
}

/** A stream cannot be sent a second time by the client of the bucket, so that is done here. */
async function sendPart(bucket: Bucket, upload: MultipartUpload, part: Part): Promise<UploadedPart> {
  const { sizeBytes, md5 } = await sumsOf(bytesOf(part))
  for (let tries = 1; ; tries += 1) {
    try {
      const etag = await sendOnce(bucket, upload, part, { sizeBytes, md5 })
      return { number: part.number, etag, sizeBytes }
    } catch (error) {
      if (!(error instanceof StorageUnavailable) || tries === mostTries) throw error
    }
  }
}

const bytesOf = ({ path, start, end }: Part): AsyncIterable<Buffer> =>
  createReadStream(path, { start, end }) as AsyncIterable<Buffer>

async function sendOnce(
  bucket: Bucket,
  { key, uploadId }: MultipartUpload,
  { path, start, end, number, signal }: Part,
  { sizeBytes, md5 }: Pick<StoredObject, 'sizeBytes' | 'md5'>,
): Promise<string> {
  const withinMs = bucket.patience.callMs + sendingMs(sizeBytes)
  const { ETag } = await call(bucket, { action: 'store a part of a file', key, signal, withinMs }, (abortSignal) => {
    const command = new UploadPartCommand({
      Bucket: bucket.name,
      Key: key,
      UploadId: uploadId,
      PartNumber: number,
      Body: createReadStream(path, { start, end }),
      ContentLength: sizeBytes,
      ContentMD5: inBase64(md5),
    })
    return bucket.client.send(command, { abortSignal, requestTimeout: withinMs })
  })
  if (ETag === undefined) throw new Error(`Expected the ETag of part ${number} of ${key}, got none`)
  checkEtag(key, ETag, md5)
  return ETag.replaceAll('"', '')
}
