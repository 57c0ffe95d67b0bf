import { setTimeout as pause } from 'node:timers/promises'
import { listLatestRuns } from '../../shared/db/chore-runs.ts'
import { Complaint } from '../../shared/runtime/complaint.ts'
import { type Chore, type ChoreDeps, type Schedule } from './chore.ts'
import { runChore } from './run-chore.ts'

const longestPauseMs = 60 * 60 * 1000

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
  for (let ms = firstMs; ;) {
    await waitFor(ms, deps.signal)
    if (deps.signal.aborted) return
    const isDone = await runSafely(deps, chore, complaint)
    const nextMs = untilNext(chore, new Date())
    ms = isDone ? nextMs : Math.min(nextMs, failedPauseMs)
  }
}

/** What failed is not left until next month. */
const failedPauseMs = 30 * 60 * 1000

/** A timer holds no more than 24 days, and a day asleep is no day to its clock: long waits are taken in pieces. */
async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  const until = Date.now() + ms
  for (let left = ms; left > 0 && !signal.aborted; left = until - Date.now()) {
    await pause(Math.min(left, longestPauseMs), undefined, { signal }).catch(() => undefined)
  }
}

async function runSafely(deps: ChoreDeps, chore: Chore, complaint: Complaint): Promise<boolean> {
  const found = (what: string): void => {
    deps.log.info({ chore: chore.name, what }, 'chore')
  }
  try {
    const outcome = await runChore(deps, chore, { dryRun: false, found })
    complaint.over('the chore is kept again')
    return outcome === undefined || outcome.error === null
  } catch (error) {
    complaint.about(error, 'the chore waits for its next turn')
    return false
  }
}

/**
 * A chore that missed its turn while no janitor ran takes it at once; the others wait for theirs. In a new shop there is
 * nothing yet that only needs a look now and then.
 */
function untilFirst(chore: Chore, sinceMs: number | undefined): number {
  if (sinceMs === undefined) return isRare(chore.when) ? untilNext(chore, new Date()) : 0
  if ('everyMs' in chore.when) return Math.max(0, chore.when.everyMs - sinceMs)
  const now = new Date()
  return now.getTime() - lastTurn(chore.when, now) < sinceMs ? 0 : untilNext(chore, now)
}

const isRare = (when: Schedule): boolean => 'weeklyAtUtc' in when || 'monthlyAtUtc' in when

/** Milliseconds until a chore's next turn; being early or late by a clock's error does no harm. */
export function untilNext({ when }: Pick<Chore, 'when'>, now: Date): number {
  if ('everyMs' in when) return when.everyMs
  return turn(when, now, 1) - now.getTime()
}

type ByCalendar = Exclude<Schedule, { readonly everyMs: number }>

/** The last moment, not after now, at which a chore's turn came. */
export const lastTurn = (when: ByCalendar, now: Date): number => turn(when, now, -1)

/** Goes from day to day, forward or back, until the chore's day and time are met. */
function turn(when: ByCalendar, now: Date, direction: 1 | -1): number {
  const [hour = 0, minute = 0] = timeOf(when).split(':').map(Number)
  for (let days = 0; ; days += direction) {
    const at = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days, hour, minute))
    const isOnThatSide = direction === 1 ? at > now : at <= now
    if (isOnThatSide && isDayOf(when, at)) return at.getTime()
  }
}

function timeOf(when: ByCalendar): string {
  if ('dailyAtUtc' in when) return when.dailyAtUtc
  return 'weeklyAtUtc' in when ? when.weeklyAtUtc : when.monthlyAtUtc
}

function isDayOf(when: ByCalendar, at: Date): boolean {
  if ('dailyAtUtc' in when) return true
  return 'weeklyAtUtc' in when ? at.getUTCDay() === when.weekday : at.getUTCDate() === when.day
}
