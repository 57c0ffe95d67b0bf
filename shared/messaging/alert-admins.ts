import { type Queryable } from '../db/pool.ts'
import { type Alert, kindOfAlert } from '../domain/alert.ts'
import { adminAlert } from '../events/index.ts'
import { textsFor } from '../texts/index.ts'
import { enqueue } from './outbox.ts'

type About = {
  /** What it refers to, for people: the code of an order or product, the number of a payment. */
  readonly ref: string
  /** What is told together within a quarter of an hour, where that is not the usual kind. */
  readonly kind?: string
}

/**
 * Has administrators told, in the transaction of its cause. While one for the same key waits, asking again changes nothing. A bot
 * of an older release, which may still run beside this one, tells its `text`.
 */
export const alertAdmins = (tx: Queryable, key: string, alert: Alert, { ref, kind }: About): Promise<void> =>
  enqueue(tx, adminAlert, key, {
    kind: kind ?? kindOfAlert(alert),
    alert,
    ref,
    text: textsFor('en').alerts.says(alert, ref),
  })
