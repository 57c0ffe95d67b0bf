import { openCase } from '../../shared/db/cases.ts'
import { markOrder } from '../../shared/db/order-progress.ts'
import { type Database, inTransaction, type Queryable } from '../../shared/db/pool.ts'
import {
  markUnread,
  markUnreadable,
  takeLongUnreadable,
  type UnreadableOrder,
} from '../../shared/db/unreadable-payments.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { statusesBefore } from '../../shared/domain/order.ts'
import { orderChanged } from '../../shared/events/index.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'

/** The buyer, who may be waiting for this read, is told that their money is safe and that it is tried again. */
export const noteUnread = (db: Database, id: PaymentId): Promise<void> =>
  inTransaction(db, async (tx) => {
    const orderId = await markUnread(tx, id)
    if (orderId !== undefined) await enqueue(tx, orderChanged, orderId, { orderId })
  })

/** A payment of ours that NOWPayments will not tell of. After a day of it a person looks, once. */
export async function noteUnreadable(db: Database, id: PaymentId, reason: string): Promise<void> {
  await markUnreadable(db, id)
  await inTransaction(db, async (tx) => {
    const order = await takeLongUnreadable(tx, id)
    if (order !== undefined) await askPerson(tx, order, reason)
  })
}

/** Money may be in it only where a deposit was seen or is still awaited; of the others administrators merely hear. */
async function askPerson(tx: Queryable, order: UnreadableOrder, reason: string): Promise<void> {
  const { orderId, orderCode, providerId } = order
  const alert = { about: 'unread payment', payment: providerId, reason } as const
  await alertAdmins(tx, `unreadable:${orderId}`, alert, { ref: orderCode })
  if (!order.wasSeen && order.status !== 'awaiting_payment') return
  await openCase(tx, orderId, 'refused re-read', `payment ${providerId}`)
  const moved = await markOrder(tx, orderId, 'review', statusesBefore('review'), 'refused re-read')
  if (moved) await enqueue(tx, orderChanged, orderId, { orderId })
}
