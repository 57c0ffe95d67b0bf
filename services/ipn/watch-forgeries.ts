import { type Logger } from 'pino'
import { raiseAlarm } from '../../shared/db/alarms.ts'
import { type Database } from '../../shared/db/pool.ts'

const windowMs = 10 * 60_000
const many = 10

/**
 * Counts bad signatures, and alarms administrators when ten come in ten minutes: somebody is guessing, or the secret was
 * changed on one side only. Counted in memory: a stranger's request writes nothing. It is over when ten minutes passed
 * without another ten.
 */
export function watchForgeries(
  { db, log }: { readonly db: Database; readonly log: Logger },
  now: () => number = () => performance.now(),
): () => Promise<void> {
  let seen: number[] = []
  let count = 0
  let lastAt = -Infinity
  return async () => {
    count = lastAt > now() - windowMs ? count + 1 : 1
    lastAt = now()
    seen = [...seen.filter((at) => at > now() - windowMs), lastAt]
    if (seen.length < many) return
    seen = []
    const alarm = { kind: 'forgeries', subject: '', count, detail: '' } as const
    await raiseAlarm(db, alarm, { lapsesAfterSeconds: windowMs / 1000 }).catch((err: unknown) => {
      log.warn({ err }, 'the alarm about bad signatures could not be written')
    })
  }
}
