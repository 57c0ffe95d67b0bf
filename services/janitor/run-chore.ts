import { type ChoreReport, insertChoreRun } from '../../shared/db/chore-runs.ts'
import { isDatabaseAway } from '../../shared/db/pool.ts'
import { holdLock } from '../../shared/db/session-lock.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { type Chore, type ChoreDeps, type Found } from './chore.ts'

export type ChoreOutcome = ChoreReport & { readonly durationMs: number; readonly error: string | null }

const usualMostMs = 5 * 60_000
/** A chore that runs every few seconds leaves a row only when it found something. */
const quietBelowMs = 60_000

/**
 * Runs one chore now, or shows what it would do; leaves one line in the log and one row that administrators can read.
 * `undefined` when somebody else is running it at this moment.
 */
export async function runChore(
  deps: ChoreDeps,
  chore: Chore,
  { dryRun, found }: { dryRun: boolean; found: Found },
): Promise<ChoreOutcome | undefined> {
  if (dryRun) return runAlone(deps, chore, dryRun, found)
  const lock = await holdLock(deps.db, `chore ${chore.name}`)
  if (lock === undefined) return undefined
  try {
    return await runAlone({ ...deps, signal: AbortSignal.any([deps.signal, lock.lost]) }, chore, dryRun, found)
  } finally {
    await lock.release()
  }
}

async function runAlone(deps: ChoreDeps, chore: Chore, dryRun: boolean, found: Found): Promise<ChoreOutcome> {
  await failpoint('janitor.chore-begun')
  const startedAt = performance.now()
  const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(chore.mostMs ?? usualMostMs)])
  const outcome = await attempt(chore, { ...deps, signal }, dryRun, found)
  const durationMs = Math.round(performance.now() - startedAt)
  await keep(deps, chore, { ...outcome, durationMs }, dryRun)
  await failpoint('janitor.chore-done')
  return { ...outcome, durationMs }
}

async function attempt(
  chore: Chore,
  deps: ChoreDeps,
  dryRun: boolean,
  found: Found,
): Promise<ChoreReport & { error: string | null }> {
  try {
    const report = await (dryRun ? chore.preview(deps, found) : chore.run(deps, found))
    return { ...report, error: null }
  } catch (err) {
    if (isDatabaseAway(err)) throw err
    deps.log.error({ err, chore: chore.name }, 'a chore failed; it is tried again at its next turn')
    return { checked: 0, changed: 0, failed: 1, error: err instanceof Error ? err.message : String(err) }
  }
}

async function keep(deps: ChoreDeps, chore: Chore, outcome: ChoreOutcome, dryRun: boolean): Promise<void> {
  const { db, log, figures } = deps
  if (!dryRun) figures?.onChoreDone(chore.name, outcome)
  const isFrequent = 'everyMs' in chore.when && chore.when.everyMs < quietBelowMs
  const isQuiet = isFrequent && outcome.changed === 0 && outcome.failed === 0
  log[isQuiet ? 'debug' : 'info']({ chore: chore.name, dryRun, ...outcome }, 'chore done')
  if (!isQuiet) await insertChoreRun(db, { chore: chore.name, dryRun, ...outcome })
}
