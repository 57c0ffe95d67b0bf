import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { type RunningBucket, startObjectStore } from '../sandbox/infra/object-store.ts'
import { storageConformance } from '../shared/testing/conformance/storage.ts'

const keys = { accessKey: 'sandbox', secretKey: 'sandbox-secret', bucket: 'comptoir' }
const opened: { bucket: RunningBucket; dir: string }[] = []

storageConformance("the sandbox's bucket", async () => {
  const dir = await mkdtemp(join(tmpdir(), 'comptoir-bucket-'))
  const bucket = await startObjectStore({ dir, ...keys })
  opened.push({ bucket, dir })
  return {
    endpoint: bucket.endpoint,
    region: 'us-east-1',
    bucket: keys.bucket,
    keyId: keys.accessKey,
    applicationKey: keys.secretKey,
    forcePathStyle: true,
  }
})

after(async () => {
  for (const { bucket, dir } of opened) {
    await bucket.stop()
    await rm(dir, { recursive: true, force: true })
  }
})
