import { listPayingPayments, markOverpaid } from '../../shared/db/order-notices.ts'
import { type LockedPayment } from '../../shared/db/payments.ts'
import { type Queryable } from '../../shared/db/pool.ts'
import { excessOf } from '../../shared/domain/excess.ts'
import { orderChanged } from '../../shared/events/index.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'

/** More than a percent too much is worth a word to the buyer, and may be asked back. */
export async function tellIfOverpaid(tx: Queryable, { orderId, totalCents }: LockedPayment): Promise<void> {
  if (excessOf(totalCents, await listPayingPayments(tx, orderId)) === undefined) return
  await markOverpaid(tx, orderId)
  await enqueue(tx, orderChanged, orderId, { orderId })
}
