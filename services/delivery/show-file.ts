import { type HeldDelivery } from '../../shared/db/deliveries.ts'
import { type DeliveryMethod, deliveryMethod } from '../../shared/domain/delivery.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'
import { editInPlace } from './edit-in-place.ts'
import { type MessageInHand } from './hold-message.ts'
import { showDocument } from './show-document.ts'
import { showLink } from './show-link.ts'

export type Shown = { readonly method: DeliveryMethod; readonly messageId: bigint }

/** The buyer has no right to this file (any more): the order was refunded meanwhile. */
export class NotEntitled extends Error {
  override readonly name = 'NotEntitled'
}

/** Edits the message into the file, or into a way to it when Telegram does not take the file. */
export async function showFile(deps: DeliverOrderDeps, delivery: HeldDelivery, message: MessageInHand): Promise<Shown> {
  if (!delivery.isEntitled) throw new NotEntitled(`Order ${delivery.orderCode} gives no right to its file`)
  const method = deliveryMethod(delivery.sizeBytes, delivery.documentTries)
  const show = method === 'document' ? showDocument : showLink
  const messageId = await editInPlace(deps, delivery, message, (id) => show(deps, delivery, message, id))
  return { method, messageId }
}
