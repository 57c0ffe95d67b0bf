import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Finding, ok, reasonOf, warning, wrong } from './finding.ts'
import { type Settings } from './read-settings.ts'

const megabyte = 1024 * 1024
const warnBelow = 1024 * megabyte
const wrongBelow = 200 * megabyte

export async function checkFolders({ folders }: Settings): Promise<Finding[]> {
  if (folders === undefined) return []
  return Promise.all([checkFolder('DATA_DIR', folders.dataDir), checkFolder('UPLOADS_DIR', folders.uploadsDir)])
}

/** The services make a folder that is missing; the doctor only looks whether they could. */
async function checkFolder(name: string, path: string): Promise<Finding> {
  try {
    const there = await nearest(path)
    if (!(await stat(there)).isDirectory())
      return wrong('disk', `${name} is not a folder: ${there}`, `set ${name} to one`)
    await access(there, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = await statfs(there)
    const free = bavail * bsize
    const says = `${name} has ${Math.floor(free / megabyte)} MB free`
    if (free < wrongBelow) return wrong('disk', says, 'make room: files on their way and backups pass through it')
    if (free < warnBelow) return warning('disk', says, 'make room: large files on their way need it')
    return ok('disk', says)
  } catch (error) {
    return wrong('disk', `${name} cannot be written to: ${reasonOf(error)}`, `make ${path} writable for the services`)
  }
}

async function nearest(path: string): Promise<string> {
  try {
    await stat(path)
    return path
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error
    return nearest(dirname(path))
  }
}
