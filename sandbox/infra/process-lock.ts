import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { processIdentity } from './process-identity.ts'

type Holder = { readonly pid: number; readonly identity: string; readonly token: string }

export type Lock =
  { readonly kind: 'held'; readonly release: () => Promise<void> } | { readonly kind: 'taken'; readonly pid: number }

/** Takes the lock file at `path` unless a living process holds it; what a dead process left is taken over. */
export async function tryLock(path: string): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true })
  const mine = await ownHolder()
  for (;;) {
    if (await place(path, mine)) return { kind: 'held', release: () => removeIfOf(path, mine.token) }
    const holder = await readHolder(path)
    if (holder === undefined) continue
    if ((await processIdentity(holder.pid)) === holder.identity) return { kind: 'taken', pid: holder.pid }
    await removeIfOf(path, holder.token)
  }
}

/** Runs `work` while holding the lock, after whoever holds it now. */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    const lock = await tryLock(path)
    if (lock.kind === 'held') return work().finally(lock.release)
    await pause(100)
  }
}

async function ownHolder(): Promise<Holder> {
  const identity = await processIdentity(process.pid)
  return { pid: process.pid, identity: identity ?? 'unknown', token: randomUUID() }
}

/** A link appears with its content in one step, and fails if the name exists. */
async function place(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${holder.token}`
  await writeFile(draft, JSON.stringify(holder))
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Two may find the same dead holder: the slower one has moved away a living lock, and puts it back. */
async function removeIfOf(path: string, token: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = await readHolder(aside)
  if (moved !== undefined && moved.token !== token) await place(path, moved)
  await rm(aside, { force: true })
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`The lock file ${path} cannot be read; remove it if no other sandbox runs`, { cause: error })
  }
}
