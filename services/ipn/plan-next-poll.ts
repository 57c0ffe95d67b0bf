import { findWatchedPayment, isWatchedNoMore, type OrderWatched, setNextPoll } from '../../shared/db/due-payments.ts'
import { openCase } from '../../shared/db/cases.ts'
import { markOrder } from '../../shared/db/order-progress.ts'
import { lockOrderOf } from '../../shared/db/payments.ts'
import { type Database, inTransaction, type Queryable } from '../../shared/db/pool.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { nextPollMs, nextTryMs } from '../../shared/domain/poll-schedule.ts'
import { orderChanged } from '../../shared/events/index.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'

/**
 * Plans the next re-read of a payment by what is known of it now, after a read that told something or (`failed`) nothing.
 * The end of its watch and what follows from it are one step: nothing would ever come back to a payment nobody reads. For
 * whatever reason the last payment of an order is read no more, the watch of the order ends with it.
 */
export const planNextPoll = (db: Database, id: PaymentId, read: 'told' | 'failed'): Promise<void> =>
  inTransaction(db, async (tx) => {
    await lockOrderOf(tx, id)
    const payment = await findWatchedPayment(tx, id)
    if (payment === undefined) return
    const pauseMs = read === 'told' ? nextPollMs(payment) : nextTryMs(payment)
    await setNextPoll(tx, id, pauseMs)
    if (pauseMs === null) await endWatch(tx, payment)
  })

/** An order that had money when its watch ended, and never all of it, goes to a person instead of waiting in silence. */
async function endWatch(tx: Queryable, { orderId, orderCode }: OrderWatched): Promise<void> {
  if (!(await isWatchedNoMore(tx, orderId))) return
  if (!(await markOrder(tx, orderId, 'review', ['confirming', 'underpaid'], 'never completed'))) return
  await openCase(tx, orderId, 'never completed', 'the watch of its payments is over')
  await enqueue(tx, orderChanged, orderId, { orderId })
  const kind = 'never completed'
  await alertAdmins(tx, `case:${orderId}:${kind}`, { about: 'case', case: kind }, { ref: orderCode })
}
