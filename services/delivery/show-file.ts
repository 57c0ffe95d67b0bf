import { type HeldDelivery } from '../../shared/db/deliveries.ts'
import { type DeliveryMethod, deliveryMethod } from '../../shared/domain/delivery.ts'
import { isRefused } from '../../shared/telegram/errors.ts'
import { readSentMessage } from '../../shared/telegram/message.ts'
import { textsFor } from '../../shared/texts/index.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'
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
  const messageId = message.messageId ?? (await replaceMessage(deps, delivery, message))
  try {
    await show(deps, delivery, message, messageId)
    return { method, messageId }
  } catch (error) {
    if (!isRefused(error, 'message gone')) throw error
    const fresh = await replaceMessage(deps, delivery, message)
    await show(deps, delivery, message, fresh)
    return { method, messageId: fresh }
  }
}

/** A line of text in place of a message that is gone; its id is kept before it becomes the file. */
async function replaceMessage(
  { telegram }: DeliverOrderDeps,
  delivery: HeldDelivery,
  message: MessageInHand,
): Promise<bigint> {
  const texts = textsFor(delivery.language).delivery
  const sent = readSentMessage(
    await telegram.call('sendMessage', {
      chat_id: delivery.chatId,
      text: texts.placeholder({ code: delivery.orderCode }),
      parse_mode: 'HTML',
    }),
  )
  if (sent === undefined) throw new Error('Expected the sent message from Telegram, got something else')
  await failpoint('delivery.replaced')
  await message.replace(sent.messageId)
  return sent.messageId
}
