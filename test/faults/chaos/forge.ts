import { createHmac, randomBytes } from 'node:crypto'
import { type Purchase } from './purchase.ts'
import { type Stage } from './stage.ts'

/** What NOWPayments would post when a payment is finished, keys sorted, signed with the secret given. */
export function notificationOf(stage: Stage, { paymentId, orderCode }: Purchase, status: string, secret: string) {
  const { payAmount, payCurrency, priceAmount, payAddress, purchaseId } = stage.world.nowPayments.payment(paymentId)
  const body = JSON.stringify({
    actually_paid: Number(payAmount),
    order_id: `${orderCode}-1`,
    pay_address: payAddress,
    pay_amount: Number(payAmount),
    pay_currency: payCurrency,
    payment_id: Number(paymentId),
    payment_status: status,
    price_amount: Number(priceAmount),
    price_currency: 'usd',
    purchase_id: purchaseId,
    updated_at: Math.floor(Math.random() * 1e12),
  })
  return { body, signature: createHmac('sha512', secret).update(body).digest('hex') }
}

/** Posts it to the intake; the status, or 0 when nobody answered. */
export async function post(stage: Stage, { body, signature }: { body: string; signature: string }): Promise<number> {
  try {
    const { status } = await fetch(`${stage.world.publicUrl}/ipn/nowpayments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-nowpayments-sig': signature },
      body,
      signal: AbortSignal.timeout(5_000),
    })
    return status
  } catch {
    return 0 // killed, or not there yet
  }
}

/** A forged "finished", and a genuine-looking one: signed rightly, for a payment that NOWPayments calls waiting. */
export async function sendForged(stage: Stage, purchase: Purchase): Promise<void> {
  const secret = stage.world.environment['NOWPAYMENTS_IPN_SECRET'] ?? ''
  await post(stage, notificationOf(stage, purchase, 'finished', randomBytes(16).toString('hex')))
  await post(stage, notificationOf(stage, purchase, 'finished', secret))
}
