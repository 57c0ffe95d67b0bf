import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type BucketSettings } from '../../shared/storage/object-store.ts'
import { bucketKeys } from './keys.ts'

export type BenchBucket = { readonly settings: BucketSettings; stop(): Promise<void> }

/** The sandbox's bucket on a folder, in another process. */
export async function startBucket(folder: string): Promise<BenchBucket> {
  const child = fork(fileURLToPath(new URL('keep-bucket.ts', import.meta.url)), [folder])
  const [endpoint] = (await once(child, 'message')) as [string]
  return {
    settings: {
      endpoint,
      region: 'us-east-1',
      bucket: bucketKeys.bucket,
      keyId: bucketKeys.accessKey,
      applicationKey: bucketKeys.secretKey,
      forcePathStyle: true,
    },
    stop: async () => {
      child.kill()
      await once(child, 'exit')
    },
  }
}
