import { type Dirent } from 'node:fs'
import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listImagesGone, listProductsGone } from '../../shared/db/local-pictures.ts'
import { type RepairMediaDeps } from './repair-media.ts'

const pageSize = 200
/** A draft of a file that nobody finished by then was left by somebody who died. */
const abandonedMs = 24 * 60 * 60 * 1000
const isId = (name: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)

/**
 * Removes from this disk the pictures of products that were deleted or purged, replaced pictures, and unfinished drafts.
 * The janitor removes what it is told of; this finds what lies on other machines.
 */
export async function sweepLocal(deps: RepairMediaDeps, stopping: AbortSignal): Promise<number> {
  const root = join(deps.dataDir, 'images')
  let removed = 0
  const products = await foldersIn(root)
  for (let start = 0; start < products.length && !stopping.aborted; start += pageSize) {
    const page = products.slice(start, start + pageSize)
    const gone = new Set(await listProductsGone(deps.db, page))
    for (const product of page) {
      if (gone.has(product)) removed += await remove(join(root, product))
      else removed += await sweepProduct(deps, join(root, product))
    }
  }
  if (removed > 0) deps.log.info({ removed }, 'pictures that nobody needs any more were removed from this disk')
  return removed
}

async function sweepProduct({ db }: RepairMediaDeps, folder: string): Promise<number> {
  const images = await foldersIn(folder)
  const gone = new Set(await listImagesGone(db, images))
  let removed = 0
  for (const image of images) {
    const path = join(folder, image)
    removed += gone.has(image) ? await remove(path) : await removeDrafts(path)
  }
  return removed
}

async function removeDrafts(folder: string): Promise<number> {
  let removed = 0
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isFile() && entry.name.endsWith('.part') && (await isAbandoned(path))) removed += await remove(path)
  }
  return removed
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    return Date.now() - (await lstat(path)).mtimeMs > abandonedMs
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

async function remove(path: string): Promise<number> {
  await rm(path, { recursive: true, force: true })
  return 1
}

const foldersIn = async (folder: string): Promise<string[]> =>
  (await entriesOf(folder)).filter((entry) => entry.isDirectory() && isId(entry.name)).map(({ name }) => name)

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'
