import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { type Bucket, call } from './bucket.ts'
import { ObjectMissing } from './errors.ts'

export type ObjectHead = {
  readonly sizeBytes: number
  /** The MD5 of what was put in one piece; of another form for uploads in parts. */
  readonly etag: string
  /** What was said of the bytes when we put them; nothing of what browsers sent. */
  readonly sha256: string | undefined
  readonly contentType: string | undefined
  readonly modifiedAt: Date | undefined
}

/** What the bucket says of an object right now, or nothing when there is none; listings may be late, this is not. */
export async function headObject(bucket: Bucket, key: string, signal?: AbortSignal): Promise<ObjectHead | undefined> {
  const command = new HeadObjectCommand({ Bucket: bucket.name, Key: key })
  try {
    const head = await call(bucket, { action: 'look up a file', key, signal }, (abortSignal) =>
      bucket.client.send(command, { abortSignal }),
    )
    return {
      sizeBytes: head.ContentLength ?? 0,
      etag: (head.ETag ?? '').replaceAll('"', ''),
      sha256: head.Metadata?.['sha256'],
      contentType: head.ContentType,
      modifiedAt: head.LastModified,
    }
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined
    throw error
  }
}
