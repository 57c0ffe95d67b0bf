import { type HeldOrderMessage } from '../../../shared/db/order-messages.ts'
import { type DueNotices, listPayingPayments, type PaidNotice } from '../../../shared/db/order-notices.ts'
import { markTold } from '../../../shared/db/order-steps.ts'
import { amountToSend, isCoin } from '../../../shared/domain/coin.ts'
import { excessOf, leastReturnedCents } from '../../../shared/domain/excess.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { textsFor } from '../../../shared/texts/index.ts'
import { button, type Keyboard, replyMarkup } from '../keyboard.ts'
import { callLimits, keepHolding, type MessageDeps } from './order-message.ts'

type Said = { readonly text: Html; readonly keyboard: Keyboard }

/** What the buyer of a paid order should know of their money, each in a reply of its own under the file. */
export async function tellPaid(deps: MessageDeps, held: HeldOrderMessage, notices: DueNotices): Promise<void> {
  for (const notice of notices.due) {
    const said = await wordsFor(deps, held, notices, notice)
    if (said !== undefined) await send(deps, held, said)
    await failpoint('notice.sent')
    await markTold(deps.db, held.orderId, notice)
  }
}

async function wordsFor(
  { db }: MessageDeps,
  { orderId }: HeldOrderMessage,
  paid: DueNotices,
  notice: PaidNotice,
): Promise<Said | undefined> {
  const { orderCode, totalCents, language } = paid
  const { orderAnswers } = textsFor(language)
  if (notice === 'receipt') return { text: orderAnswers.receipt(receiptOf(paid)), keyboard: [] }
  if (notice !== 'overpaid') return { text: orderAnswers.told[notice](orderCode), keyboard: [] }
  const excess = excessOf(totalCents, await listPayingPayments(db, orderId))
  if (excess === undefined) return undefined
  const isReturned = excess.cents >= leastReturnedCents
  const amount = isCoin(excess.coin) ? amountToSend(excess.amount, excess.coin) : excess.amount
  const ask = button(orderAnswers.askDifference, 'askDifference', { order: orderCode as PublicCode })
  return {
    text: orderAnswers.overpaid(orderCode, { ...excess, amount, isReturned }),
    keyboard: isReturned ? [[ask]] : [],
  }
}

const receiptOf = ({ priceCents: price, feeCents: fee, totalCents: total, orderCode: code, ...facts }: DueNotices) => ({
  ...facts,
  price,
  fee,
  total,
  code,
})

async function send({ db, telegram }: MessageDeps, held: HeldOrderMessage, { text, keyboard }: Said): Promise<void> {
  await keepHolding(db, held)
  const params = {
    chat_id: held.chatId,
    text,
    parse_mode: 'HTML',
    ...(keyboard.length > 0 && { reply_markup: replyMarkup(keyboard) }),
    ...(held.messageId !== null && {
      reply_parameters: { message_id: held.messageId, allow_sending_without_reply: true },
    }),
  }
  await telegram.call('sendMessage', params, callLimits)
}
