import { S3Client } from '@aws-sdk/client-s3'
import type { BucketSettings } from '../../shared/storage/object-store.ts'

/** The S3 client with nothing of ours around it. */
export const openBare = (settings: BucketSettings): S3Client =>
  new S3Client({
    endpoint: settings.endpoint,
    region: settings.region,
    forcePathStyle: true,
    credentials: { accessKeyId: settings.keyId, secretAccessKey: settings.applicationKey },
  })
