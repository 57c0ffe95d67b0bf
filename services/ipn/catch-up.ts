import { type Logger } from 'pino'
import { hastenOpenPayments } from '../../shared/db/due-payments.ts'
import { type Database } from '../../shared/db/pool.ts'

const longestTurnMs = 5_000

export type CatchUpDeps = { readonly db: Database; readonly log: Logger; readonly now?: () => number }

/**
 * Turns of polling that know when nobody was listening: before the first one, after one that failed, and after a pause
 * longer than a turn takes, notifications may have been refused or lost. Then open payments are read at once instead of
 * at their next time; the client paces the calls.
 */
export function catchingUp(
  { db, log, now = () => performance.now() }: CatchUpDeps,
  turn: () => Promise<number>,
): () => Promise<number> {
  let listenedUntil = -Infinity
  return async () => {
    const isBehind = now() - listenedUntil > longestTurnMs
    listenedUntil = -Infinity // until this turn ended well
    if (isBehind) {
      const payments = await hastenOpenPayments(db)
      if (payments > 0) log.info({ payments }, 'nobody listened for a while: open payments are read again')
    }
    const found = await turn()
    listenedUntil = now()
    return found
  }
}
