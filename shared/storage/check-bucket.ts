import { HeadBucketCommand } from '@aws-sdk/client-s3'
import { type Bucket, call } from './bucket.ts'
import { ObjectMissing, StorageRefused, StorageUnavailable } from './errors.ts'

/** Whether the bucket can be used, and what to tell the operator about it. */
export type BucketState = { readonly kind: 'ok' | 'missing' | 'refused' | 'unreachable'; readonly says: string }

export async function checkBucket(bucket: Bucket): Promise<BucketState> {
  const command = new HeadBucketCommand({ Bucket: bucket.name })
  try {
    await call(bucket, { action: 'be checked' }, (abortSignal) => bucket.client.send(command, { abortSignal }))
    return { kind: 'ok', says: `The bucket ${bucket.name} answers.` }
  } catch (error) {
    if (error instanceof ObjectMissing || (error instanceof StorageRefused && error.code === 'NoSuchBucket')) {
      return { kind: 'missing', says: `There is no bucket ${bucket.name}: check B2_BUCKET_NAME and B2_ENDPOINT.` }
    }
    if (error instanceof StorageRefused)
      return { kind: 'refused', says: `${error.message}. Check B2_KEY_ID and B2_APPLICATION_KEY.` }
    if (error instanceof StorageUnavailable)
      return { kind: 'unreachable', says: `${error.message}. Check B2_ENDPOINT and the network.` }
    throw error
  }
}
