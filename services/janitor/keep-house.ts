import { setTimeout as pause } from 'node:timers/promises'
import { listLatestRuns } from '../../shared/db/chore-runs.ts'
import { Complaint } from '../../shared/runtime/complaint.ts'
import { type Chore, type ChoreDeps } from './chore.ts'
import { runChore } from './run-chore.ts'

const dayMs = 24 * 60 * 60 * 1000

/**
 * Runs each chore when its time has come, until `signal`; a long one does not keep the others waiting. Only the one janitor
 * that holds the lock does this.
 */
export async function keepHouse(deps: ChoreDeps, chores: readonly Chore[]): Promise<void> {
  const runs = await listLatestRuns(deps.db)
  await Promise.all(chores.map((chore) => keepChore(deps, chore, untilFirst(chore, runs.get(chore.name)?.sinceMs))))
}

async function keepChore(deps: ChoreDeps, chore: Chore, firstMs: number): Promise<void> {
  const complaint = new Complaint(deps.log.child({ chore: chore.name }))
  for (let ms = firstMs; ; ms = untilNext(chore, new Date())) {
    await pause(ms, undefined, { signal: deps.signal }).catch(() => undefined)
    if (deps.signal.aborted) return
    await runSafely(deps, chore, complaint)
  }
}

async function runSafely(deps: ChoreDeps, chore: Chore, complaint: Complaint): Promise<void> {
  const found = (what: string): void => {
    deps.log.info({ chore: chore.name, what }, 'chore')
  }
  try {
    await runChore(deps, chore, { dryRun: false, found })
    complaint.over('the chore is kept again')
  } catch (error) {
    complaint.about(error, 'the chore waits for its next turn')
  }
}

/** A chore that missed its turn while no janitor ran takes it at once; the others wait for theirs. */
function untilFirst(chore: Chore, sinceMs: number | undefined): number {
  if (sinceMs === undefined) return 0
  if ('everyMs' in chore.when) return Math.max(0, chore.when.everyMs - sinceMs)
  const next = untilNext(chore, new Date())
  return dayMs - next < sinceMs ? 0 : next
}

/** Milliseconds until a chore's next turn. Times of the day are UTC; being early or late by a clock's error does no harm. */
export function untilNext({ when }: Pick<Chore, 'when'>, now: Date): number {
  if ('everyMs' in when) return when.everyMs
  const [hour = 0, minute = 0] = when.dailyAtUtc.split(':').map(Number)
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), hour, minute)
  return today > now.getTime() ? today - now.getTime() : today + dayMs - now.getTime()
}
