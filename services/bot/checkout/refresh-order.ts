import { type PersonId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { markRefreshed } from '../../../shared/db/order-steps.ts'
import { lockOwnOrder, type Order } from '../../../shared/db/orders.ts'
import { askForReread } from '../../../shared/db/payment-attempts.ts'
import { type Database, inTransaction } from '../../../shared/db/pool.ts'
import { orderChanged } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'

export const refreshPauseMs = 15_000

/** `asked`: NOWPayments is being asked again. Otherwise that was less than 15 s ago, and what is known is shown. */
export type Refreshed = { readonly order: Order; readonly asked: boolean }

/** Has the payments of an order read again and its message redrawn, by whoever does that. */
export async function refreshOrder(db: Database, buyer: PersonId, code: PublicCode): Promise<Refreshed | undefined> {
  return inTransaction(db, async (tx) => {
    const order = await lockOwnOrder(tx, buyer, code)
    if (order === undefined) return undefined
    const asked = await markRefreshed(tx, order.id, refreshPauseMs)
    if (asked) await askForReread(tx, order.id)
    await enqueue(tx, orderChanged, order.id, { orderId: order.id })
    return { order, asked }
  })
}
