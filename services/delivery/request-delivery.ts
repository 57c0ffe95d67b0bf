import { findInitialDelivery } from '../../shared/db/deliveries.ts'
import { type Database, inTransaction } from '../../shared/db/pool.ts'
import { deliveryRequested, type PaymentConfirmed } from '../../shared/events/index.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'

/** A paid order already has its one delivery, written when it became paid; this asks for it. */
export async function requestDelivery({ db }: { db: Database }, { orderId }: PaymentConfirmed): Promise<void> {
  const deliveryId = await findInitialDelivery(db, orderId)
  if (deliveryId === undefined) throw new Error(`Expected order ${orderId} to have a delivery, got none`)
  await inTransaction(db, async (tx) => {
    await enqueue(tx, deliveryRequested, deliveryId, { deliveryId })
  })
  await failpoint('delivery.requested')
}
