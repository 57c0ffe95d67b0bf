import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { constants } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { withLock } from '../sandbox/infra/process-lock.ts'

/** Where tools that are no npm packages are kept between runs. */
export const toolCache = resolve(import.meta.dirname, '..', '.cache')

/** Makes the folder `name` in the cache unless it is there; it appears complete or not at all, for one process at a time. */
export async function cachedFolder(
  cache: string,
  name: string,
  make: (folder: string, workDir: string) => Promise<void>,
): Promise<string> {
  const folder = join(cache, name)
  return withLock(`${folder}.lock`, async () => {
    if (await isThere(folder)) return folder
    const workDir = await mkdtemp(`${folder}.`)
    try {
      const draft = join(workDir, 'made')
      await mkdir(draft)
      await make(draft, workDir)
      await rename(draft, folder)
      return folder
    } finally {
      await rm(workDir, { recursive: true, force: true })
    }
  })
}

/** The first program of these names on the path of the shell. */
export async function findOnPath(...names: string[]): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const name of names) {
    for (const folder of folders) if (await isThere(join(folder, name), constants.X_OK)) return join(folder, name)
  }
  return undefined
}

/** Whether the file or folder is there, and may be used as `mode` says. */
export async function isThere(path: string, mode: number = constants.F_OK): Promise<boolean> {
  try {
    await access(path, mode)
    return true
  } catch {
    return false
  }
}
