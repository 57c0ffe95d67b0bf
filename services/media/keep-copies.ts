import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ImageCopy } from '../../shared/db/images.ts'
import { ObjectCorrupt, ObjectMissing } from '../../shared/storage/errors.ts'
import { type ObjectHead, type ObjectStore } from '../../shared/storage/object-store.ts'

export type CopyDeps = { readonly bucket: ObjectStore; readonly dataDir: string }

/** What was done for one copy. `lost`: neither the disk nor the bucket has it any more. */
export type CopyOutcome = 'present' | 'fetched' | 'uploaded' | 'lost'

/** Makes sure a copy lies both here and in the bucket, repairing either side from the other. */
export async function keepCopy(deps: CopyDeps, copy: ImageCopy): Promise<CopyOutcome> {
  const local = await readIntact(deps, copy)
  if (local === undefined) return fetchCopy(deps, copy)
  const head = await deps.bucket.head(copy.key)
  if (head !== undefined && isOf(local, head)) return 'present'
  await upload(deps, copy.key, local)
  if (head !== undefined) await deps.bucket.removeOldVersions(copy.key)
  return 'uploaded'
}

/** Puts new bytes on both sides, and only then says what they are. */
export async function storeCopy(deps: CopyDeps, key: string, bytes: Buffer): Promise<ImageCopy> {
  const path = join(deps.dataDir, key)
  await writeAside(path, bytes)
  await flush(await open(dirname(path))) // its name as well
  await upload(deps, key, bytes)
  return { key, sha256: digest('sha256', bytes), sizeBytes: BigInt(bytes.length) }
}

/** The same under a key that was used before: what lay there goes. */
export async function replaceCopy(deps: CopyDeps, key: string, bytes: Buffer): Promise<ImageCopy> {
  const copy = await storeCopy(deps, key, bytes)
  await deps.bucket.removeOldVersions(key)
  return copy
}

/** Asks what the bucket made of it: a copy counts once both sides are known to be the same. */
async function upload({ bucket }: CopyDeps, key: string, bytes: Buffer): Promise<void> {
  await bucket.put(key, bytes, { contentType: 'image/jpeg' })
  const head = await bucket.head(key)
  if (head === undefined || !isOf(bytes, head))
    throw new ObjectCorrupt(key, 'it was put and is not there as it was put')
}

/** By size and MD5, or by what was said of the bytes where the ETag is of another form. */
function isOf(bytes: Buffer, { sizeBytes, etag, sha256 }: ObjectHead): boolean {
  if (sizeBytes !== bytes.length) return false
  const isMd5 = /^[0-9a-f]{32}$/i.test(etag)
  return isMd5 ? etag.toLowerCase() === digest('md5', bytes) : sha256 === digest('sha256', bytes)
}

const digest = (algorithm: 'md5' | 'sha256', bytes: Buffer): string => createHash(algorithm).update(bytes).digest('hex')

async function fetchCopy({ bucket, dataDir }: CopyDeps, { key, sha256, sizeBytes }: ImageCopy): Promise<CopyOutcome> {
  const read = (): Promise<Buffer> => bucket.get(key, { sizeBytes: Number(sizeBytes), sha256 })
  try {
    const bytes = await read().catch((error: unknown) => {
      if (error instanceof ObjectCorrupt) return read() // it may have been the way here: nothing is given up for that
      throw error
    })
    await writeAside(join(dataDir, key), bytes) // a name lost with the power is one more copy to fetch at the next start
    return 'fetched'
  } catch (error) {
    if (error instanceof ObjectMissing || error instanceof ObjectCorrupt) return 'lost'
    throw error
  }
}

/** A file is visible whole or not at all: written beside, flushed, then renamed. */
async function writeAside(path: string, bytes: Buffer): Promise<void> {
  const aside = `${path}.${randomUUID()}.part`
  await mkdir(dirname(path), { recursive: true })
  try {
    await flush(await open(aside, 'wx'), (file) => file.writeFile(bytes))
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

async function flush(file: FileHandle, write?: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await write?.(file)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function readIntact({ dataDir }: CopyDeps, copy: ImageCopy): Promise<Buffer | undefined> {
  const path = join(dataDir, copy.key)
  try {
    const bytes = await readFile(path)
    if (digest('sha256', bytes) === copy.sha256) return bytes
    await rm(path, { force: true })
    return undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
