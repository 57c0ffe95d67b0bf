import { type OrderId } from '../../../shared/domain/ids.ts'
import {
  claimOrderMessage,
  type HeldOrderMessage,
  orderMessageFreeInMs,
  releaseOrderMessage,
  renewOrderMessage,
  setOrderMessage,
} from '../../../shared/db/order-messages.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { readSentMessage } from '../../../shared/telegram/message.ts'
import { type Telegram } from '../../../shared/telegram/client.ts'
import { healOrderMessage } from '../../../shared/messaging/heal-order-message.ts'

export type MessageDeps = { readonly db: Database; readonly telegram: Telegram }

const leaseMs = 20_000

/** A call must be over, pauses asked by Telegram included, well before the lease. */
export const callLimits = { deadlineMs: 10_000, maxWaitMs: 5_000 } as const

/**
 * Runs `work` while nobody else edits the message of this order. `work` returns the fingerprint of what the message shows
 * afterwards. Throws `RetryLater` while somebody else has it; false when the order has no chat.
 */
export async function holdingOrderMessage(
  deps: MessageDeps,
  orderId: OrderId,
  work: (held: HeldOrderMessage) => Promise<string | null>,
): Promise<boolean> {
  const held = await claimOrderMessage(deps.db, orderId, leaseMs)
  if (held === undefined) return waitForHolder(deps.db, orderId)
  let drawn: string | null = null
  try {
    drawn = await work(held)
  } finally {
    const isOurs = await releaseOrderMessage(deps.db, held, drawn)
    if (!isOurs) await healOrderMessage(deps.db, orderId)
  }
  return true
}

async function waitForHolder(db: Database, orderId: OrderId): Promise<false> {
  const freeInMs = await orderMessageFreeInMs(db, orderId)
  if (freeInMs > 0) throw new RetryLater(freeInMs)
  return false
}

/** Before each call: the lease lasts long enough for it, or the message is somebody else's by now. */
export async function keepHolding(db: Database, held: HeldOrderMessage): Promise<void> {
  if (!(await renewOrderMessage(db, held, leaseMs))) throw new RetryLater(1000)
}

/** The id of the order message, sent as a line of text first when there is none. A crash leaves at worst that line. */
export async function ensureOrderMessage(
  deps: MessageDeps,
  held: HeldOrderMessage,
  placeholder: Html,
): Promise<bigint> {
  return held.messageId ?? (await startOrderMessage(deps, held, placeholder))
}

/** A new order message at the bottom of the chat: plain text, its id stored before anything is edited into it. */
export async function startOrderMessage(deps: MessageDeps, held: HeldOrderMessage, placeholder: Html): Promise<bigint> {
  await keepHolding(deps.db, held)
  const params = { chat_id: held.chatId, text: placeholder, parse_mode: 'HTML' }
  const sent = readSentMessage(await deps.telegram.call('sendMessage', params, callLimits))
  if (sent === undefined) throw new Error('Expected the message that was sent, got none')
  await failpoint('bot.message-sent')
  if (!(await setOrderMessage(deps.db, held, sent.messageId))) throw new RetryLater(1000)
  await failpoint('bot.message-id-stored')
  return sent.messageId
}
