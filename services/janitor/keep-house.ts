import { setTimeout as pause } from 'node:timers/promises'
import { listLatestRuns } from '../../shared/db/chore-runs.ts'
import { isDatabaseAway } from '../../shared/db/pool.ts'
import { Complaint } from '../../shared/runtime/complaint.ts'
import { type Chore, type ChoreDeps } from './chore.ts'
import { runChore } from './run-chore.ts'

const lookEveryMs = 1000
const dayMs = 24 * 60 * 60 * 1000

/** Runs each chore when its time has come, until `signal`. Only the one janitor that holds the lock does this. */
export async function keepHouse(deps: ChoreDeps, chores: readonly Chore[]): Promise<void> {
  const complaint = new Complaint(deps.log)
  const due = await firstTurns(deps, chores)
  while (!deps.signal.aborted) {
    await runDue(deps, chores, due, complaint)
    await pause(lookEveryMs, undefined, { signal: deps.signal }).catch(() => undefined)
  }
}

async function runDue(
  deps: ChoreDeps,
  chores: readonly Chore[],
  due: Map<Chore, number>,
  complaint: Complaint,
): Promise<void> {
  for (const chore of chores) {
    if (deps.signal.aborted) return
    if ((due.get(chore) ?? 0) > performance.now()) continue
    await runSafely(deps, chore, complaint)
    due.set(chore, performance.now() + untilNext(chore, new Date()))
  }
}

async function runSafely(deps: ChoreDeps, chore: Chore, complaint: Complaint): Promise<void> {
  try {
    await runChore(deps, chore, {
      dryRun: false,
      found: (what) => {
        deps.log.info({ chore: chore.name, what }, 'chore')
      },
    })
    complaint.over('chores are kept again')
  } catch (error) {
    if (!isDatabaseAway(error)) throw error
    complaint.about(error, 'the database is away; chores wait')
  }
}

/** A chore that missed its turn while no janitor ran takes it at once; the others wait for theirs. */
async function firstTurns({ db }: ChoreDeps, chores: readonly Chore[]): Promise<Map<Chore, number>> {
  const runs = await listLatestRuns(db)
  const now = performance.now()
  return new Map(chores.map((chore) => [chore, now + untilFirst(chore, runs.get(chore.name)?.sinceMs)]))
}

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
