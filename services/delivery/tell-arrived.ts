import { type HeldDelivery } from '../../shared/db/deliveries.ts'
import { isRefused } from '../../shared/telegram/errors.ts'
import { textsFor } from '../../shared/texts/index.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'
import { type MessageInHand } from './hold-message.ts'
import { withPlainFallback } from './plain-fallback.ts'
import { type Shown } from './show-file.ts'

/** A short reply to the file, because the edit that brought it made no sound. */
export async function tellArrived(
  { telegram, log, waitForTurn }: DeliverOrderDeps,
  delivery: HeldDelivery,
  message: MessageInHand,
  { method, messageId }: Shown,
): Promise<void> {
  await waitForTurn?.()
  await message.renew()
  const texts = textsFor(delivery.language).delivery
  try {
    await withPlainFallback(texts.arrived({ code: delivery.orderCode, method }), (said) =>
      telegram.call('sendMessage', {
        ...said,
        chat_id: delivery.chatId,
        reply_parameters: { message_id: messageId, allow_sending_without_reply: true },
      }),
    )
  } catch (err) {
    // The file is there already; a lost line about it is no reason to hold it back or to bring it again.
    if (isRefused(err, 'blocked')) throw err
    log.warn({ err, orderId: delivery.orderId }, 'the file is there, but the line about it could not be sent')
  }
}
