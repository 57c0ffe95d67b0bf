import { setTimeout as pause } from 'node:timers/promises'
import { isPaid } from '../../../shared/domain/order.ts'
import { type OrderId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { type HeldOrderMessage } from '../../../shared/db/order-messages.ts'
import { findOwnOrder, type Order } from '../../../shared/db/orders.ts'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { type BotContext } from '../context.ts'
import { drawOrderCard, type DrawDeps } from './draw-order-card.ts'
import { pictureOf } from './order-drawing.ts'
import { holdingOrderMessage, startOrderMessage } from './order-message.ts'
import { type OrderCard } from './order-view.ts'
import { redrawOrder } from './redraw-order.ts'

const soonMs = 500
const mostLooks = 8

/**
 * Draws right away what an event already asks for, so that a press is answered in a moment. Somebody else who is drawing is
 * done in a moment too, and the event may be a minute away where much happens to one order; whatever else goes wrong is left
 * to that event.
 */
export async function drawNow(deps: DrawDeps, orderId: OrderId): Promise<void> {
  try {
    for (let looks = 1; ; looks += 1) {
      const busyMs = await redrawOrder(deps, orderId).catch((error: unknown) => waitOf(error, looks))
      if (busyMs === undefined) return
      await pause(busyMs)
    }
  } catch (err) {
    deps.log.warn({ err, orderId }, 'an order message is drawn later')
  }
}

function waitOf(error: unknown, looks: number): number {
  if (error instanceof RetryLater && error.ms <= soonMs && looks < mostLooks) return error.ms
  throw error
}

/** Brings an order to the bottom of the chat; a paid one is in the library. Nobody learns of the orders of others. */
export async function showOrder(ctx: BotContext, deps: DrawDeps, code: PublicCode): Promise<void> {
  if (!(await openOrder(ctx, deps, code))) await ctx.toast(ctx.texts.orderAnswers.notFound)
}

/** False when the person has no order of this code. */
export async function openOrder(ctx: BotContext, deps: DrawDeps, code: PublicCode): Promise<boolean> {
  const order = await findOwnOrder(deps.db, ctx.person.id, code)
  if (order === undefined) return false
  if (!isPaid(order.status) && (await moveToBottom(deps, order, ctx.texts))) await redrawOrder(deps, order.id)
  else await ctx.go('owned', { product: order.productCode })
  return true
}

/**
 * A new order message at the bottom; the older copy loses its buttons and its QR code. False when the order was paid since
 * it was looked at: its message is the file by now, or is about to be.
 */
export async function moveToBottom(deps: DrawDeps, order: Order, texts: Texts): Promise<boolean> {
  let isFile = false
  await holdingOrderMessage(deps, order.id, async (held) => {
    isFile = isPaid(held.status)
    if (isFile) return held.drawn
    if (held.messageId !== null) await drawOrderCard(deps, held, held.messageId, movedCard(held, order, texts))
    await startOrderMessage(deps, held, texts.order.preparing(order.title))
    return null
  })
  return !isFile
}

const movedCard = ({ drawn }: HeldOrderMessage, { productId }: Order, { orderAnswers }: Texts): OrderCard => ({
  picture: pictureOf(drawn) === 'none' ? { kind: 'none' } : { kind: 'cover', product: productId },
  text: orderAnswers.movedDown,
  keyboard: [],
})
