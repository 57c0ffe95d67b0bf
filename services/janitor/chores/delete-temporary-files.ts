import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChoreReport } from '../../../shared/db/chore-runs.ts'
import { type Chore, type ChoreDeps, type Found, hours } from '../chore.ts'

const oldAfterMs = hours(24)

/** Temporary files nobody has touched for a day. Symbolic links are never followed. */
export const deleteTemporaryFiles: Chore = {
  name: 'delete-temporary-files',
  when: { everyMs: hours(6) },
  does: 'deletes temporary files that nobody has touched for 24 h',
  run: (deps, found) => sweep(deps, found, (path) => rm(path, { force: true })),
  preview: (deps, found) => sweep(deps, found, undefined),
}

async function sweep(
  { uploadsDir, log, signal }: ChoreDeps,
  found: Found,
  remove: ((path: string) => Promise<void>) | undefined,
): Promise<ChoreReport> {
  const report = { checked: 0, changed: 0, failed: 0 }
  for await (const path of oldFiles(join(uploadsDir, 'temp'))) {
    if (signal.aborted) break
    report.checked += 1
    found(path)
    if (remove === undefined) continue
    try {
      await remove(path)
      report.changed += 1
    } catch (err) {
      report.failed += 1
      log.warn({ err, path }, 'a temporary file could not be deleted')
    }
  }
  return report
}

async function* oldFiles(folder: string): AsyncGenerator<string> {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* oldFiles(path)
    else if (await isOld(path)) yield path
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await lstat(path)).mtimeMs > oldAfterMs
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'
