import { type OrderId } from '../../../shared/domain/ids.ts'
import { isPaid } from '../../../shared/domain/order.ts'
import { type HeldOrderMessage } from '../../../shared/db/order-messages.ts'
import { type DueNotices, findDueNotices } from '../../../shared/db/order-notices.ts'
import { markTold } from '../../../shared/db/order-steps.ts'
import { findOrder } from '../../../shared/db/orders.ts'
import { listAttempts } from '../../../shared/db/payment-attempts.ts'
import { findSentRefund } from '../../../shared/db/sent-refund.ts'
import { findPerson, setReachable } from '../../../shared/db/users.ts'
import { isRefused, TelegramBusy, TelegramRefused } from '../../../shared/telegram/errors.ts'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { textsFor } from '../../../shared/texts/index.ts'
import { drawOrderCard, type DrawDeps } from './draw-order-card.ts'
import { findKnownCoins } from './offered-coins.ts'
import { missingOf } from './order-payments.ts'
import { orderCard } from './order-card.ts'
import { fingerprint, toldAbout } from './order-drawing.ts'
import { type OrderCard, type OrderView } from './order-view.ts'
import { tellPaid } from './tell-paid.ts'
import { callLimits, ensureOrderMessage, holdingOrderMessage, keepHolding, startOrderMessage } from './order-message.ts'

/** Draws the message of an order as it is now. Equal redraws are skipped, a deleted message is replaced. */
export async function redrawOrder(deps: DrawDeps, orderId: OrderId): Promise<void> {
  try {
    const notices = await findDueNotices(deps.db, orderId)
    if (notices === undefined) await holdingOrderMessage(deps, orderId, (held) => redraw(deps, held))
    else await noteUnderFile(deps, orderId, notices)
  } catch (error) {
    if (error instanceof TelegramBusy) throw new RetryLater(error.retryAfterMs, error.message)
    if (!isRefused(error, 'blocked')) throw error
    await noteBlocked(deps, orderId)
  }
}

/** The message of a paid order is the delivery's, and is not even held while there is nothing to say under it. */
async function noteUnderFile(deps: DrawDeps, orderId: OrderId, notices: DueNotices): Promise<void> {
  if (notices.due.length === 0) return
  if (notices.isFileFirst) throw new RetryLater(2_000, 'the file comes first')
  await holdingOrderMessage(deps, orderId, async (held) => {
    const due = await findDueNotices(deps.db, orderId)
    if (due !== undefined) await tellPaid(deps, held, due)
    return held.drawn
  })
}

async function redraw(deps: DrawDeps, held: HeldOrderMessage): Promise<string | null> {
  const view = await findView(deps, held.orderId)
  const card = view === undefined ? undefined : orderCard(view)
  if (view === undefined || card === undefined) return held.drawn
  const drawn = fingerprint(card)
  const isShown = held.messageId !== null && held.drawn === drawn
  const messageId = isShown ? held.messageId : await show(deps, held, card, view)
  await tell(deps, { ...held, messageId }, view)
  return drawn
}

async function findView({ db, coins }: DrawDeps, orderId: OrderId): Promise<OrderView | undefined> {
  const order = await findOrder(db, orderId)
  if (order === undefined || isPaid(order.status)) return undefined
  const [attempts, buyer, refund] = await Promise.all([
    listAttempts(db, orderId),
    findPerson(db, order.buyerId),
    findSentRefund(db, orderId),
  ])
  const isAskingForCoin = order.question === 'coin' || order.question === 'topup'
  const sum = order.status === 'underpaid' ? missingOf(order, attempts) : order.total
  const choice = isAskingForCoin ? await findKnownCoins({ db, coins }, sum) : undefined
  return { order, attempts, refund, choice, texts: textsFor(buyer?.language ?? 'en') }
}

/** Returns the message that shows the card now: the one there was, or a new one in its place. */
async function show(
  deps: DrawDeps,
  held: HeldOrderMessage,
  card: OrderCard,
  { order, texts }: OrderView,
): Promise<bigint> {
  const placeholder = texts.order.preparing(order.title)
  const messageId = await ensureOrderMessage(deps, held, placeholder)
  if (await drawOrderCard(deps, held, messageId, card)) return messageId
  const replacement = await startOrderMessage(deps, held, placeholder)
  await removeMessage(deps, held, messageId)
  if (await drawOrderCard(deps, { ...held, drawn: null }, replacement, card)) return replacement
  throw new Error(`Expected the new message of order ${held.orderId} to be editable, got refused`)
}

/** Whatever is left of the message that was replaced; most often it is gone already. */
async function removeMessage(
  { telegram, log }: DrawDeps,
  { chatId }: HeldOrderMessage,
  messageId: bigint,
): Promise<void> {
  try {
    await telegram.call('deleteMessage', { chat_id: chatId, message_id: messageId }, callLimits)
  } catch (err) {
    if (!(err instanceof TelegramRefused)) throw err
    log.debug({ err }, 'the replaced order message was gone')
  }
}

/** One short reply per state that matters: an edit makes no sound. A crash repeats it rather than losing it. */
async function tell(deps: DrawDeps, held: HeldOrderMessage, view: OrderView): Promise<void> {
  const { order, attempts, texts } = view
  const state = toldAbout(order, attempts)
  if (state === undefined || order.told.includes(state)) return
  await keepHolding(deps.db, held)
  const params = {
    chat_id: held.chatId,
    text: texts.orderAnswers.told[state](order.code),
    parse_mode: 'HTML',
    reply_parameters: { message_id: held.messageId, allow_sending_without_reply: true },
  }
  await deps.telegram.call('sendMessage', params, callLimits)
  await failpoint('notice.sent')
  await markTold(deps.db, order.id, state)
}

/** The buyer blocked the bot: the message is drawn when they come back. */
async function noteBlocked({ db, log }: DrawDeps, orderId: OrderId): Promise<void> {
  const order = await findOrder(db, orderId)
  if (order === undefined) return
  await setReachable(db, order.buyerId, false)
  log.info({ userId: order.buyerId, orderCode: order.code, reason: 'order.blocked' }, 'cannot show an order message')
}
