import { type Logger } from 'pino'
import { type BucketSettings, openBucket, type Patience, usualPatience } from './bucket.ts'
import { type BucketState, checkBucket } from './check-bucket.ts'
import { headObject, type ObjectHead } from './head-object.ts'
import { type KeptObject, type ListedObject, listKept, listObjects } from './list-objects.ts'
import {
  abortMultipart,
  completeMultipart,
  createMultipart,
  listMultiparts,
  listParts,
  type MultipartUpload,
  type PartToSend,
  signPart,
  type UnfinishedUpload,
  type UploadedPart,
} from './multipart.ts'
import { type PutBody, putObject, type PutOptions } from './put-object.ts'
import {
  type Digest,
  digestObject,
  downloadObject,
  type ExpectedObject,
  getObject,
  readRange,
  type ReadOptions,
} from './read-object.ts'
import { removeObject, removeOldVersions } from './remove-object.ts'
import { type DownloadLink, signDownload } from './sign-link.ts'
import { type StoredObject } from './sums.ts'

export { bucketOrigin, type BucketSettings, type Patience } from './bucket.ts'
export type { BucketState } from './check-bucket.ts'
export type { ObjectHead } from './head-object.ts'
export type { KeptObject, ListedObject } from './list-objects.ts'
export type { MultipartUpload, PartToSend, UnfinishedUpload, UploadedPart } from './multipart.ts'
export type { PutBody, PutOptions } from './put-object.ts'
export type { Digest, ExpectedObject, ReadOptions } from './read-object.ts'
export type { DownloadLink } from './sign-link.ts'
export type { StoredObject } from './sums.ts'

/** The bucket as the services see it. Fails only with the errors of `errors.ts`, or a caller's own abort. */
export type ObjectStore = {
  readonly put: (key: string, body: PutBody, options: PutOptions) => Promise<StoredObject>
  readonly get: (key: string, expected: ExpectedObject, options?: ReadOptions) => Promise<Buffer>
  readonly download: (key: string, path: string, expected: ExpectedObject, options?: ReadOptions) => Promise<void>
  readonly digest: (key: string, options?: ReadOptions) => Promise<Digest>
  readonly readRange: (key: string, range: ReadOptions & { firstByte: number; lengthBytes: number }) => Promise<Buffer>
  readonly head: (key: string, options?: ReadOptions) => Promise<ObjectHead | undefined>
  readonly signDownload: (key: string, link: DownloadLink) => Promise<string>
  readonly createMultipart: (key: string, options: { contentType: string }) => Promise<string>
  readonly signPart: (upload: MultipartUpload, part: PartToSend) => Promise<string>
  readonly listParts: (upload: MultipartUpload) => Promise<UploadedPart[]>
  completeMultipart(
    upload: MultipartUpload,
    parts: readonly Pick<UploadedPart, 'number' | 'etag'>[],
  ): Promise<ObjectHead>
  readonly abortMultipart: (upload: MultipartUpload) => Promise<void>
  readonly listMultiparts: (prefix: string) => AsyncIterable<UnfinishedUpload>
  readonly remove: (key: string) => Promise<void>
  readonly removeOldVersions: (key: string) => Promise<void>
  readonly list: (prefix: string) => AsyncIterable<ListedObject>
  readonly listKept: (prefix: string) => AsyncIterable<KeptObject>
  readonly checkBucket: () => Promise<BucketState>
  readonly close: () => void
}

/** Opens the bucket without asking it anything: a service starts while its storage is away. */
export function openObjectStore(
  settings: BucketSettings,
  log: Logger,
  patience: Patience = usualPatience,
): ObjectStore {
  const bucket = openBucket(settings, patience)
  log.debug({ endpoint: settings.endpoint, bucket: settings.bucket }, 'object store opened')
  return {
    put: (key, body, options) => putObject(bucket, key, body, options),
    get: (key, expected, options = {}) => getObject(bucket, key, expected, options),
    download: (key, path, expected, options = {}) => downloadObject(bucket, key, path, expected, options),
    digest: (key, options = {}) => digestObject(bucket, key, options),
    readRange: (key, range) => readRange(bucket, key, range),
    head: (key, { signal } = {}) => headObject(bucket, key, signal),
    signDownload: (key, link) => signDownload(bucket, key, link),
    createMultipart: (key, { contentType }) => createMultipart(bucket, key, { contentType }),
    signPart: (upload, part) => signPart(bucket, upload, part),
    listParts: (upload) => listParts(bucket, upload),
    completeMultipart: (upload, parts) => completeMultipart(bucket, upload, parts),
    abortMultipart: (upload) => abortMultipart(bucket, upload),
    listMultiparts: (prefix) => listMultiparts(bucket, prefix),
    remove: (key) => removeObject(bucket, key),
    removeOldVersions: (key) => removeOldVersions(bucket, key),
    list: (prefix) => listObjects(bucket, prefix),
    listKept: (prefix) => listKept(bucket, prefix),
    checkBucket: () => checkBucket(bucket),
    close: () => {
      bucket.client.destroy()
    },
  }
}
