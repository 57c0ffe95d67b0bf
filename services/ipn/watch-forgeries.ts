import { type Logger } from 'pino'
import { takeToken } from '../../shared/db/rate-buckets.ts'
import { type Database, inTransaction } from '../../shared/db/pool.ts'
import { adminAlert } from '../../shared/events/index.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'

const windowMs = 10 * 60_000
const many = 10

/**
 * Counts bad signatures, and alerts administrators when ten come in ten minutes: somebody is guessing, or the secret was
 * changed on one side only. Counted in memory: a stranger's request writes nothing.
 */
export function watchForgeries(
  { db, log }: { readonly db: Database; readonly log: Logger },
  now: () => number = () => performance.now(),
): () => Promise<void> {
  let seen: number[] = []
  return async () => {
    seen = [...seen.filter((at) => at > now() - windowMs), now()].slice(-many)
    if (seen.length < many) return
    seen = []
    await alert(db).catch((err: unknown) => {
      log.warn({ err }, 'the alert about bad signatures could not be written')
    })
  }
}

const alert = (db: Database): Promise<void> =>
  inTransaction(db, async (tx) => {
    if (!(await takeToken(tx, 'alert:bad-signatures', { burst: 1, perSecond: 1 / 600 }))) return
    const text = `${many} notifications with a bad signature came in ten minutes; check NOWPAYMENTS_IPN_SECRET`
    await enqueue(tx, adminAlert, 'bad-signatures', { kind: 'ipn.bad_signature', text, ref: '' })
  })
