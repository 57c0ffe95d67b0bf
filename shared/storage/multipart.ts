import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandInput,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  type ListPartsCommandOutput,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type Bucket, call, type CallOptions } from './bucket.ts'
import { ObjectMissing, StorageRefused, UploadMissing } from './errors.ts'
import { headObject, type ObjectHead } from './head-object.ts'
import { checkedLife } from './sign-link.ts'

export type MultipartUpload = { readonly key: string; readonly uploadId: string }
export type UploadedPart = { readonly number: number; readonly etag: string; readonly sizeBytes: number }
export type UnfinishedUpload = MultipartUpload & { readonly begunAt: Date | undefined }

export type NewMultipart = {
  readonly contentType: string
  readonly cacheControl?: string | undefined
  readonly metadata?: Readonly<Record<string, string>>
}

/** Begins an upload in parts; nothing is visible under the key before it is completed. */
export async function createMultipart(
  bucket: Bucket,
  key: string,
  { contentType, cacheControl, metadata }: NewMultipart,
): Promise<string> {
  const command = new CreateMultipartUploadCommand({
    ...{ Bucket: bucket.name, Key: key, ContentType: contentType },
    ...{ CacheControl: cacheControl, Metadata: metadata },
  })
  const { UploadId } = await call(bucket, { action: 'begin an upload', key }, (abortSignal) =>
    bucket.client.send(command, { abortSignal }),
  )
  if (UploadId === undefined) throw new Error(`Expected an upload id for ${key}, got none`)
  return UploadId
}

export type PartToSend = {
  readonly partNumber: number
  /** The part must have exactly this size: the bucket refuses any other. */
  readonly sizeBytes: number
  readonly expiresInSeconds: number
}

/** A link the seller's browser may PUT one part to; the answer's ETag names the part. */
export async function signPart(bucket: Bucket, { key, uploadId }: MultipartUpload, part: PartToSend): Promise<string> {
  const command = new UploadPartCommand({
    Bucket: bucket.name,
    Key: key,
    UploadId: uploadId,
    PartNumber: part.partNumber,
    ContentLength: part.sizeBytes,
  })
  return getSignedUrl(bucket.client, command, { expiresIn: checkedLife(part.expiresInSeconds) })
}

/** The parts that arrived, in order. */
export async function listParts(bucket: Bucket, { key, uploadId }: MultipartUpload): Promise<UploadedPart[]> {
  const parts: UploadedPart[] = []
  let marker: string | undefined
  do {
    const command = new ListPartsCommand({
      Bucket: bucket.name,
      Key: key,
      UploadId: uploadId,
      PartNumberMarker: marker,
    })
    const page: ListPartsCommandOutput = await callUpload(
      bucket,
      { action: 'list the parts of an upload', key },
      (abortSignal) => bucket.client.send(command, { abortSignal }),
    )
    for (const { PartNumber = 0, ETag = '', Size = 0 } of page.Parts ?? []) {
      parts.push({ number: PartNumber, etag: ETag.replaceAll('"', ''), sizeBytes: Size })
    }
    marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined // it is given on the last page too
  } while (marker !== undefined)
  return parts
}

/** Makes one object of the parts. Done twice it is done once: a lost answer may be asked for again. */
export async function completeMultipart(
  bucket: Bucket,
  upload: MultipartUpload,
  parts: readonly Pick<UploadedPart, 'number' | 'etag'>[],
): Promise<ObjectHead> {
  const { key } = upload
  try {
    await sendCompletion(bucket, upload, parts)
  } catch (error) {
    return headIfCompleted(bucket, upload, error)
  }
  const head = await headObject(bucket, key) // some stores leave the ETag out of their answer
  if (head === undefined) throw new ObjectMissing(key)
  return head
}

async function sendCompletion(
  bucket: Bucket,
  { key, uploadId }: MultipartUpload,
  parts: readonly Pick<UploadedPart, 'number' | 'etag'>[],
): Promise<void> {
  const command = new CompleteMultipartUploadCommand({
    Bucket: bucket.name,
    Key: key,
    UploadId: uploadId,
    MultipartUpload: { Parts: parts.map(({ number, etag }) => ({ PartNumber: number, ETag: `"${etag}"` })) },
  })
  await callUpload(bucket, { action: 'complete an upload', key }, (abortSignal) =>
    bucket.client.send(command, { abortSignal }),
  )
}

/** Keys are used once: if the object is there, an earlier completion made it. */
async function headIfCompleted(bucket: Bucket, upload: MultipartUpload, error: unknown): Promise<ObjectHead> {
  if (error instanceof StorageRefused) throw error
  const head = await headObject(bucket, upload.key)
  if (head !== undefined) return head
  await listParts(bucket, upload) // some stores say "busy" of an upload that is gone: this says so
  throw error
}

/** Gives up an upload and frees its parts; no error when it is already gone. */
export async function abortMultipart(bucket: Bucket, { key, uploadId }: MultipartUpload): Promise<void> {
  const command = new AbortMultipartUploadCommand({ Bucket: bucket.name, Key: key, UploadId: uploadId })
  try {
    await callUpload(bucket, { action: 'give up an upload', key }, (abortSignal) =>
      bucket.client.send(command, { abortSignal }),
    )
  } catch (error) {
    if (!(error instanceof UploadMissing)) throw error
  }
}

/** Some stores say that the key is missing when they mean the upload. */
async function callUpload<Result>(
  bucket: Bucket,
  options: CallOptions & { readonly key: string },
  work: (abortSignal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  try {
    return await call(bucket, options, work)
  } catch (error) {
    if (error instanceof ObjectMissing) throw new UploadMissing(options.key, { cause: error })
    throw error
  }
}

/** Uploads that were begun and neither completed nor given up: they take space until somebody ends them. */
export async function* listMultiparts(bucket: Bucket, prefix: string): AsyncGenerator<UnfinishedUpload> {
  let from: Pick<ListMultipartUploadsCommandInput, 'KeyMarker' | 'UploadIdMarker'> | undefined = {}
  while (from !== undefined) {
    const page = await listMultipartPage(bucket, prefix, from)
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Key !== undefined && UploadId !== undefined) yield { key: Key, uploadId: UploadId, begunAt: Initiated }
    }
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page
    from = IsTruncated === true ? { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker } : undefined
  }
}

async function listMultipartPage(
  bucket: Bucket,
  prefix: string,
  from: Pick<ListMultipartUploadsCommandInput, 'KeyMarker' | 'UploadIdMarker'>,
): Promise<ListMultipartUploadsCommandOutput> {
  const command = new ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: prefix, ...from })
  return call(bucket, { action: 'list unfinished uploads', key: prefix }, (abortSignal) =>
    bucket.client.send(command, { abortSignal }),
  )
}
