import { type HeldDelivery } from '../../shared/db/deliveries.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { isRefused } from '../../shared/telegram/errors.ts'
import { readSentMessage } from '../../shared/telegram/message.ts'
import { textsFor } from '../../shared/texts/index.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'
import { type MessageInHand } from './hold-message.ts'

/** Runs an edit on the message there is, or on a new one when it is gone; returns the message that was edited. */
export async function editInPlace(
  deps: DeliverOrderDeps,
  delivery: HeldDelivery,
  message: MessageInHand,
  edit: (messageId: bigint) => Promise<void>,
): Promise<bigint> {
  const messageId = message.messageId ?? (await replaceMessage(deps, delivery, message))
  try {
    await edit(messageId)
    return messageId
  } catch (error) {
    if (!isRefused(error, 'message gone')) throw error
    const fresh = await replaceMessage(deps, delivery, message)
    await edit(fresh)
    return fresh
  }
}

/** A line of text in place of a message that is gone; its id is kept before it becomes the file. */
async function replaceMessage(
  { telegram }: DeliverOrderDeps,
  delivery: HeldDelivery,
  message: MessageInHand,
): Promise<bigint> {
  await message.renew()
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
