import { openCase } from '../../shared/db/cases.ts'
import { markOrder } from '../../shared/db/order-progress.ts'
import { type Database, inTransaction } from '../../shared/db/pool.ts'
import { insertRedeposit, lockParentPayment } from '../../shared/db/redeposits.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { statusesBefore } from '../../shared/domain/order.ts'
import { orderChanged } from '../../shared/events/index.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'

/** Keeps a later deposit to an address of ours as a payment of its own; undefined when its parent is none of ours. */
export const keepRedeposit = (
  db: Database,
  parentProviderId: string,
  providerId: string,
): Promise<PaymentId | undefined> =>
  inTransaction(db, async (tx) => {
    const parent = await lockParentPayment(tx, parentProviderId)
    return parent === undefined ? undefined : insertRedeposit(tx, parent, providerId)
  })

/** A later deposit that NOWPayments names and cannot tell of: a person looks. False when its parent is none of ours. */
export const reviewRedeposit = (db: Database, parentProviderId: string, providerId: string): Promise<boolean> =>
  inTransaction(db, async (tx) => {
    const parent = await lockParentPayment(tx, parentProviderId)
    if (parent === undefined) return false
    const { orderId, orderCode } = parent
    if (!(await openCase(tx, orderId, 'second deposit', `payment ${providerId} cannot be read`))) return true
    const alert = { about: 'unread deposit', payment: providerId } as const
    await alertAdmins(tx, `case:${orderId}:second deposit`, alert, { ref: orderCode })
    await markOrder(tx, orderId, 'review', statusesBefore('review'), 'second deposit')
    await enqueue(tx, orderChanged, orderId, { orderId })
    return true
  })
