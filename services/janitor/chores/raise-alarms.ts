import {
  findBackupTroubles,
  findBrokenInvariants,
  findDamagedFiles,
  findDeadLetters,
  findOldEvents,
  findOverduePayouts,
  type Found as Condition,
} from '../../../shared/db/alarm-conditions.ts'
import { clearAlarms, clearLapsedAlarms, raiseAlarm, type RaiseOptions } from '../../../shared/db/alarms.ts'
import { type AlarmKind } from '../../../shared/domain/alarm.ts'
import { type ChoreReport } from '../../../shared/db/chore-runs.ts'
import { type Chore, type ChoreDeps, type Found, seconds } from '../chore.ts'

const oldEventSeconds = 60
const bucketPatienceSeconds = 600
const payoutHours = 48
const backupHours = 26
/** A backup that failed, or whose janitor died, is made again in half an hour: often there is nothing left to tell. */
const backupPatienceSeconds = 45 * 60
const usualMinimumCents = 1_000n

type Watch = RaiseOptions & {
  readonly kind: AlarmKind
  readonly look: (deps: ChoreDeps) => Promise<readonly Condition[]>
}

/** Those that an event tells when they begin have only their end told from here. */
const watches: readonly Watch[] = [
  { kind: 'dead letters', isTold: true, look: ({ db }) => findDeadLetters(db) },
  { kind: 'outbox', look: ({ db }) => findOldEvents(db, oldEventSeconds) },
  { kind: 'bucket', patienceSeconds: bucketPatienceSeconds, look: lookAtBucket },
  { kind: 'backup', patienceSeconds: backupPatienceSeconds, look: ({ db }) => findBackupTroubles(db, backupHours) },
  { kind: 'integrity', isTold: true, look: ({ db }) => findDamagedFiles(db) },
  { kind: 'invariants', isTold: true, look: ({ db }) => findBrokenInvariants(db) },
  {
    kind: 'payouts',
    look: ({ db, payoutMinCents: minimumCents = usualMinimumCents }) =>
      findOverduePayouts(db, { hours: payoutHours, minimumCents }),
  },
]

/** Looks at what may be wrong with the shop as a whole: each is told once when it begins, and once when it is over. */
export const raiseAlarms: Chore = {
  name: 'raise-alarms',
  when: { everyMs: seconds(30) },
  does: 'looks for what administrators must know of while it lasts: dead letters, old events, a bucket that refuses …',
  run: async (deps, found) => {
    let changed = 0
    for (const watch of watches) changed += await keep(deps, watch, found)
    const lapsed = await clearLapsedAlarms(deps.db)
    for (const { kind, subject } of lapsed) found(`over: ${kind} ${subject}`.trim())
    return { checked: watches.length, changed: changed + lapsed.length, failed: 0 }
  },
  preview: async (deps, found) => {
    for (const watch of watches) for (const one of await watch.look(deps)) found(inWords(watch.kind, one))
    return onlyLooked
  },
}

const onlyLooked: ChoreReport = { checked: watches.length, changed: 0, failed: 0 }

const inWords = (kind: AlarmKind, { subject, count, detail }: Condition): string =>
  `${kind} ${subject} (${count}): ${detail}`.replaceAll(/\s+/g, ' ')

/** Says how many are over; what is the case is said once by who tells it, not every half a minute here. */
async function keep(deps: ChoreDeps, { kind, look, ...options }: Watch, found: Found): Promise<number> {
  const conditions = await look(deps)
  for (const condition of conditions) await raiseAlarm(deps.db, { kind, ...condition }, options)
  const over = await clearAlarms(
    deps.db,
    kind,
    conditions.map(({ subject }) => subject),
  )
  for (const subject of over) found(`over: ${kind} ${subject}`.trim())
  return over.length
}

async function lookAtBucket({ bucket, bucketState = () => bucket.checkBucket() }: ChoreDeps): Promise<Condition[]> {
  const { kind, says } = await bucketState()
  return kind === 'ok' ? [] : [{ subject: '', count: 1, detail: says }]
}
