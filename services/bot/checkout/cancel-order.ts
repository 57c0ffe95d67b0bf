import { type PersonId } from '../../../shared/domain/ids.ts'
import { canCancel } from '../../../shared/domain/order.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { cancelOrder as markCancelled, setOrderQuestion } from '../../../shared/db/order-steps.ts'
import { lockOwnOrder } from '../../../shared/db/orders.ts'
import { type Database, inTransaction } from '../../../shared/db/pool.ts'
import { orderChanged } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'

/** `too late`: money was seen, or the order ended otherwise. */
export type Cancelling = 'done' | 'too late' | 'not found'

/** The order message asks whether it is to be cancelled; nothing else changes. */
export async function askToCancel(db: Database, buyer: PersonId, code: PublicCode): Promise<Cancelling> {
  return inTransaction(db, async (tx) => {
    const order = await lockOwnOrder(tx, buyer, code)
    if (order === undefined) return 'not found'
    const isPossible = canCancel(order.status, order.seenAt)
    await setOrderQuestion(tx, order.id, isPossible ? 'cancel' : null)
    await enqueue(tx, orderChanged, order.id, { orderId: order.id })
    return isPossible ? 'done' : 'too late'
  })
}

/** Cancels the order while nothing was seen. Its addresses stay watched: money sent all the same is found. */
export async function cancelOrder(db: Database, buyer: PersonId, code: PublicCode): Promise<Cancelling> {
  return inTransaction(db, async (tx) => {
    const order = await lockOwnOrder(tx, buyer, code)
    if (order === undefined) return 'not found'
    const isCancelled = await markCancelled(tx, order.id)
    await enqueue(tx, orderChanged, order.id, { orderId: order.id })
    return isCancelled || order.status === 'cancelled' ? 'done' : 'too late'
  })
}

/** The order message stops asking and shows the address again. */
export async function keepOrder(db: Database, buyer: PersonId, code: PublicCode): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const order = await lockOwnOrder(tx, buyer, code)
    if (order === undefined) return false
    await setOrderQuestion(tx, order.id, null)
    await enqueue(tx, orderChanged, order.id, { orderId: order.id })
    return true
  })
}
