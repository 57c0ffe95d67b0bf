import { Agent, request } from 'node:http'
import { signText } from '../../shared/nowpayments/signature.ts'

export type Letter = { readonly body: string; readonly signature: string }

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

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
    for (const letter of left) {
      const status = await post(url, letter)
      if (status !== 200) throw new Error(`Expected 200, a notification was answered ${status}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return (letters.length * 1000) / (performance.now() - began)
}

function post(url: string, { body, signature }: Letter): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const call = request(url, {
    agent,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-nowpayments-sig': signature,
    },
  })
  call.on('response', (response) => {
    response.resume().on('end', () => {
      resolve(response.statusCode ?? 0)
    })
  })
  call.on('error', reject)
  call.end(body)
  return promise
}
