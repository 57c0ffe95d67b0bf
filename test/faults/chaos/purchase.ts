import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../../sandbox/infra/until.ts'
import { Shopper, wordsOf } from '../../shopper.ts'
import { type Stage } from './stage.ts'

/** What somebody does once the address is on the screen. */
export type Intention = 'pay' | 'pay too little' | 'pay nothing'

/** How NOWPayments tells of it. */
export type Telling = 'as usual' | 'the last one twice' | 'each three times, shuffled' | 'not at all'

export type Wish = { readonly productCode: string; readonly intention: Intention; readonly telling: Telling }

export type Purchase = Wish & {
  readonly buyer: Shopper
  readonly orderCode: string
  readonly paymentId: string
  /** When NOWPayments called the payment finished, and when the file was in the chat; milliseconds since 1970. */
  finishedAt: number | undefined
  deliveredAt: number | undefined
}

const patienceMs = 20_000
const placedWithinMs = 300_000

/** Orders as a person does who, when nothing happens for a while, tries again. */
export async function order(stage: Stage, wish: Wish): Promise<Purchase> {
  const buyer = new Shopper(stage.world)
  const deadline = Date.now() + placedWithinMs
  for (;;) {
    try {
      const orderCode = await placeOrder(buyer, wish.productCode)
      const payment = stage.world.nowPayments.payments().find(({ orderId }) => orderId?.startsWith(orderCode))
      if (payment === undefined) throw new Error(`No payment was made for order ${orderCode}`)
      return { ...wish, buyer, orderCode, paymentId: payment.id, finishedAt: undefined, deliveredAt: undefined }
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`${wish.productCode} could not be ordered`, { cause: error })
      await pause(1_000)
    }
  }
}

/** An order that is there already, because an earlier try came further than it seemed, is shown again by the shop. */
async function placeOrder(buyer: Shopper, productCode: string): Promise<string> {
  const seen = orderMessageOf(buyer)
  if (seen !== undefined) return seen
  buyer.say(`/start p_${productCode}`)
  await buyer.tap('Buy')
  const coin = await buyer.client.waitFor(() => orderMessageOf(buyer) ?? coinButtonOf(buyer), patienceMs)
  if (typeof coin === 'string') return coin
  buyer.client.press(coin.messageId, coin.data)
  return buyer.client.waitFor(() => orderMessageOf(buyer), patienceMs)
}

/** The code of the order whose address is on the screen. */
function orderMessageOf({ client }: Shopper): string | undefined {
  const shown = client.chat().messages.findLast((message) => wordsOf(message).includes('Exact amount'))
  return shown === undefined ? undefined : /Order ([0-9A-Z]{10})/.exec(wordsOf(shown))?.[1]
}

function coinButtonOf({ client }: Shopper): { messageId: number; data: string } | undefined {
  for (const { message_id: messageId, keyboard } of client.chat().messages.toReversed()) {
    const data = keyboard?.flat().find(({ text }) => text.includes('USDT'))?.data
    if (data !== undefined) return { messageId, data }
  }
  return undefined
}

/** Does what was intended, and has NOWPayments tell of it as wished. */
export function settle({ world }: Stage, { paymentId, intention, telling }: Purchase): void {
  if (intention === 'pay nothing') return
  const about = { payment: paymentId }
  if (telling === 'the last one twice')
    world.nowPayments.faults.add({ ...about, kind: 'duplicate', status: 'finished' })
  if (isSilent(telling)) world.nowPayments.faults.add({ ...about, kind: 'drop', times: null })
  world.nowPayments.act(paymentId, { action: intention === 'pay' ? 'pay' : 'pay-less' })
}

const isSilent = (telling: Telling): boolean => telling === 'not at all' || telling === 'each three times, shuffled'

/** Follows a paid purchase to its file and notes both moments. */
export async function follow({ world }: Stage, purchase: Purchase, withinMs: number): Promise<void> {
  if (purchase.intention !== 'pay') return
  purchase.finishedAt = await until(() => {
    const { status, updatedAt } = world.nowPayments.payment(purchase.paymentId)
    return Promise.resolve(status === 'finished' ? updatedAt : undefined)
  }, withinMs)
  await purchase.buyer.seesDelivery(withinMs)
  purchase.deliveredAt = Date.now()
}

/** NOWPayments lost every notification of its money: only polling can have found it. */
export function isUntold({ world }: Stage, { intention, telling, paymentId }: Purchase): boolean {
  if (intention !== 'pay' || telling === 'each three times, shuffled') return false
  const aboutMoney = world.nowPayments.payment(paymentId).notifications.filter(({ status }) => status !== 'waiting')
  return aboutMoney.every(({ answer }) => answer === 'dropped')
}

/** From the finished payment to the file in the chat, of those that have both. */
export const delaysOf = (purchases: readonly Purchase[]): number[] =>
  purchases.flatMap(({ finishedAt, deliveredAt }) =>
    finishedAt === undefined || deliveredAt === undefined ? [] : [deliveredAt - finishedAt],
  )
