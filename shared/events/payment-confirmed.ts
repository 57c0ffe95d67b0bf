import { z } from 'zod'
import { defineEvent, type PayloadOf } from './define-event.ts'
import { amountInCents, orderId, paymentId } from './fields.ts'

/**
 * An order became paid. Published once per order, by `ipn` for payments and by `bot` for free orders (no payment);
 * `delivery` brings the file, `bot` tells the seller.
 */
export const paymentConfirmed = defineEvent(
  'payment.confirmed',
  z.object({ orderId, paymentId: paymentId.nullable(), paid: amountInCents }),
)
export type PaymentConfirmed = PayloadOf<typeof paymentConfirmed>
