import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ImageCopy } from '../../shared/db/images.ts'
import { ObjectCorrupt, ObjectMissing } from '../../shared/storage/errors.ts'
import { type ObjectStore } from '../../shared/storage/object-store.ts'

export type CopyDeps = { readonly bucket: ObjectStore; readonly dataDir: string }

/** What was done for one copy. `lost`: neither the disk nor the bucket has it any more. */
export type CopyOutcome = 'present' | 'fetched' | 'uploaded' | 'lost'

/** Makes sure a copy lies both here and in the bucket, repairing either side from the other. */
export async function keepCopy(deps: CopyDeps, copy: ImageCopy): Promise<CopyOutcome> {
  const local = await readIntact(deps, copy)
  const isInBucket = await hasIntact(deps, copy)
  if (local !== undefined) {
    if (isInBucket) return 'present'
    await deps.bucket.put(copy.key, local, { contentType: 'image/jpeg' })
    return 'uploaded'
  }
  return isInBucket ? fetchCopy(deps, copy) : 'lost'
}

/** Puts new bytes on both sides, and only then says what they are. */
export async function storeCopy(deps: CopyDeps, key: string, bytes: Buffer): Promise<ImageCopy> {
  await writeAside(join(deps.dataDir, key), bytes)
  const { sha256 } = await deps.bucket.put(key, bytes, { contentType: 'image/jpeg' })
  return { key, sha256, sizeBytes: BigInt(bytes.length) }
}

async function fetchCopy({ bucket, dataDir }: CopyDeps, copy: ImageCopy): Promise<CopyOutcome> {
  try {
    const bytes = await bucket.get(copy.key, { sizeBytes: Number(copy.sizeBytes), sha256: copy.sha256 })
    await writeAside(join(dataDir, copy.key), bytes)
    return 'fetched'
  } catch (error) {
    if (error instanceof ObjectMissing) return 'lost'
    if (!(error instanceof ObjectCorrupt)) throw error
    await bucket.remove(copy.key)
    return 'lost'
  }
}

/** A file is visible whole or not at all: written beside, flushed, then renamed. */
async function writeAside(path: string, bytes: Buffer): Promise<void> {
  const aside = `${path}.${randomUUID()}.part`
  await mkdir(dirname(path), { recursive: true })
  try {
    const file = await open(aside, 'wx')
    await flush(file, bytes)
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

async function flush(file: FileHandle, bytes: Buffer): Promise<void> {
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function readIntact({ dataDir }: CopyDeps, copy: ImageCopy): Promise<Buffer | undefined> {
  const path = join(dataDir, copy.key)
  try {
    const bytes = await readFile(path)
    if (createHash('sha256').update(bytes).digest('hex') === copy.sha256) return bytes
    await rm(path, { force: true })
    return undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** By size only: reading every picture back would cost more than a picture that is found damaged when it is fetched. */
async function hasIntact({ bucket }: CopyDeps, copy: ImageCopy): Promise<boolean> {
  const head = await bucket.head(copy.key)
  return head !== undefined && BigInt(head.sizeBytes) === copy.sizeBytes
}
