import { setTimeout as pause } from 'node:timers/promises'
import { signText } from '../../shared/nowpayments/signature.ts'
import { call } from '../call.ts'

export type Letter = { readonly body: string; readonly signature: string }

/** Different notifications about one payment that is still waited for, signed: nothing is decided on them, all are kept. */
export function writeLetters(count: number, paymentId: string, orderId: string, secret: string): Letter[] {
  return Array.from({ length: count }, (_, index) => {
    const body = JSON.stringify({
      actually_paid: 0,
      order_id: orderId,
      outcome_amount: 20.9,
      outcome_currency: 'usdtsol',
      pay_address: '7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU',
      pay_amount: 21.48,
      pay_currency: 'usdtsol',
      payment_id: Number(paymentId),
      payment_status: 'waiting',
      price_amount: 21.48,
      price_currency: 'usd',
      updated_at: 1_700_000_000_000 + index,
    })
    return { body, signature: signText(secret, body) }
  })
}

/** How many a second are answered 200 while `atOnce` are on their way at any time. Anything but 200 is an error. */
export async function floodWith(url: string, letters: readonly Letter[], atOnce: number): Promise<number> {
  const left = letters.values()
  const began = performance.now()
  const work = async (): Promise<void> => {
    for (const letter of left) await post(url, letter)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return (letters.length * 1000) / (performance.now() - began)
}

/** How many milliseconds each answer took when so many a second are posted, evenly, whatever is still on its way. */
export async function postEvenly(url: string, letters: readonly Letter[], perSecond: number): Promise<number[]> {
  const began = performance.now()
  return Promise.all(
    letters.map(async (letter, index) => {
      const dueAt = began + (index * 1000) / perSecond
      await pause(Math.max(0, dueAt - performance.now()))
      const postedAt = performance.now()
      await post(url, letter)
      return performance.now() - postedAt
    }),
  )
}

async function post(url: string, { body, signature }: Letter): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-nowpayments-sig': signature }
  const [status] = await call(url, { headers, body })
  if (status !== 200) throw new Error(`Expected 200, a notification was answered ${status}`)
}
