import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  access,
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { signalIfThere } from './leftover.ts'
import { type User, userCan } from './unprivileged-user.ts'

const run = promisify(execFile)

/** PostgreSQL reads settings from variables like PGDATA and LC_ALL: it gets none of ours. */
export const postgresEnvironment: NodeJS.ProcessEnv = { PATH: process.env['PATH'], LANG: 'C', TZ: 'UTC' }

type ClusterOptions = {
  readonly dataDir: string
  readonly user: User | undefined
  readonly initdb: string
  readonly hurry: boolean
}

/** The folder PostgreSQL keeps its files in, made on the first start; `password` is that of the user postgres. */
export async function openCluster(options: ClusterOptions): Promise<{ cluster: string; password: string }> {
  await mkdir(options.dataDir, { recursive: true })
  const password = await ownPassword(options.dataDir)
  const home = await openHome(options.dataDir, options.user)
  const cluster = join(home, 'cluster')
  if (!(await exists(cluster))) await createCluster(options, home, password)
  return { cluster, password }
}

/** Removes a stopped server's folder, also the part that had to live elsewhere. */
export async function removeCluster(dataDir: string): Promise<void> {
  const home = join(dataDir, 'home')
  if (await exists(home)) await rm(await realpath(home), { recursive: true, force: true })
  await rm(dataDir, { recursive: true, force: true })
}

/** Backends outlive a killed server for a moment, and a new one refuses to start beside them. */
export async function endOrphans(cluster: string): Promise<void> {
  if (process.platform !== 'linux') return
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry)
    if (Number.isInteger(pid) && (await workingFolder(pid)) === cluster) signalIfThere(pid, 'SIGKILL')
  }
}

async function workingFolder(pid: number): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${pid}/cwd`)
  } catch {
    return undefined // it ended, or belongs to somebody else
  }
}

async function ownPassword(dataDir: string): Promise<string> {
  const path = join(dataDir, 'password')
  if (!(await exists(path))) {
    const draft = `${path}.new`
    await writeFile(draft, randomBytes(18).toString('base64url'), { mode: 0o600 })
    await rename(draft, path)
  }
  return readFile(path, 'utf8')
}

/** Where the server's own user may write: in the data folder, or elsewhere when a folder above it is closed to others. */
async function openHome(dataDir: string, user: User | undefined): Promise<string> {
  const home = join(dataDir, 'home')
  if (!(await exists(home))) await makeHome(home, user)
  const real = await realpath(home)
  if (user === undefined || (await userCan(user, entersAndWrites, real))) return real
  throw new Error(`PostgreSQL's own user cannot use ${real}; remove ${dataDir} to begin anew, or do not run as root`)
}

const entersAndWrites = 'cd "$1" && test -w .'
const elsewherePrefix = '/var/tmp/comptoir-postgres-data-'

async function makeHome(home: string, user: User | undefined): Promise<void> {
  await mkdir(home, { recursive: true })
  if (user === undefined) return
  await chmod(dirname(home), 0o711) // temporary folders are made for their owner alone
  await chown(home, user.uid, user.gid)
  if (await userCan(user, entersAndWrites, home)) return
  await sweepElsewhere()
  const elsewhere = await mkdtemp(elsewherePrefix)
  await chown(elsewhere, user.uid, user.gid)
  await rm(home, { recursive: true })
  await symlink(elsewhere, home)
  await writeFile(join(elsewhere, 'origin'), home)
}

/** Removes what lives elsewhere for a data folder that somebody has since deleted. */
async function sweepElsewhere(): Promise<void> {
  for (const name of await readdir(dirname(elsewherePrefix))) {
    const folder = join(dirname(elsewherePrefix), name)
    if (!folder.startsWith(elsewherePrefix)) continue
    const origin = await readFile(join(folder, 'origin'), 'utf8').catch(() => undefined)
    if (origin === undefined) continue // being made right now
    const target = await readlink(origin).catch(() => undefined)
    if (target !== folder) await rm(folder, { recursive: true, force: true })
  }
}

/** Made under another name and renamed when complete, so that an interrupted first start leaves nothing half made. */
async function createCluster({ user, initdb, hurry }: ClusterOptions, home: string, password: string): Promise<void> {
  const draft = join(home, 'cluster.new')
  await rm(draft, { recursive: true, force: true })
  const secrets = await mkdtemp(join(user === undefined ? tmpdir() : '/var/tmp', 'comptoir-'))
  const passwordFile = join(secrets, 'password')
  try {
    await writeFile(passwordFile, password, { mode: 0o600 })
    if (user !== undefined) for (const path of [secrets, passwordFile]) await chown(path, user.uid, user.gid)
    const flags = [...initdbFlags, `--lc-ctype=${await wideCharacterLocale()}`, ...(hurry ? ['--no-sync'] : [])]
    await run(initdb, [`--pgdata=${draft}`, `--pwfile=${passwordFile}`, ...flags], {
      ...user,
      cwd: '/',
      env: postgresEnvironment,
    })
    await rename(draft, join(home, 'cluster'))
  } catch (error) {
    throw new Error(`The PostgreSQL data folder could not be made in ${home}`, { cause: error })
  } finally {
    await rm(secrets, { recursive: true, force: true })
  }
}

const initdbFlags = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
]

/** pg_trgm and full text search take accented letters for letters only under a UTF-8 character type. */
async function wideCharacterLocale(): Promise<string> {
  try {
    const { stdout } = await run('locale', ['-a'])
    const known = stdout.split('\n')
    return known.find((name) => /^(C|en_US)\.utf-?8$/i.test(name)) ?? 'C'
  } catch {
    return 'C' // no locale command: a system without locales
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
