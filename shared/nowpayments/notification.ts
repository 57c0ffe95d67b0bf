import { z } from 'zod'
import { type DecimalText } from '../domain/decimal.ts'
import { amount, hint, idList, idText, plainTree, priceCents, ticker } from './fields.ts'
import { statusText } from './payment-report.ts'
import { type JsonObject } from './strict-json.ts'

/** What a genuine notification is about. Of a payment, only the id is sure; everything else is a hint until re-read. */
export type Notification = PaymentNotification | PayoutNotification | RecurringNotification | { readonly kind: 'other' }

export type PaymentNotification = {
  readonly kind: 'payment'
  readonly paymentId: string
  readonly parentPaymentId: string | null
  readonly status: string | null
  readonly orderId: string | null
  readonly priceCents: bigint | null
  readonly priceCurrency: string | null
  readonly payAmount: DecimalText | null
  readonly payCurrency: string | null
  readonly actuallyPaid: DecimalText | null
  readonly childPaymentIds: readonly string[]
}

export type PayoutNotification = {
  readonly kind: 'payout'
  readonly withdrawalId: string
  readonly batchId: string
  readonly status: string | null
  readonly currency: string | null
  readonly amount: DecimalText | null
  readonly fee: DecimalText | null
  readonly hash: string | null
  readonly error: string | null
}

export type RecurringNotification = {
  readonly kind: 'recurring'
  readonly id: string
  readonly status: string
  readonly currency: string | null
  readonly amount: DecimalText | null
}

const payment = z
  .object({
    payment_id: idText,
    parent_payment_id: hint(idText),
    payment_status: hint(statusText),
    order_id: hint(z.string()),
    price_amount: hint(priceCents),
    price_currency: hint(ticker),
    pay_amount: hint(amount),
    pay_currency: hint(ticker),
    actually_paid: hint(amount),
    payment_extra_ids: idList.catch([]),
  })
  .transform((said): PaymentNotification => ({
    kind: 'payment',
    paymentId: said.payment_id,
    parentPaymentId: said.parent_payment_id,
    status: said.payment_status,
    orderId: said.order_id,
    priceCents: said.price_amount,
    priceCurrency: said.price_currency,
    payAmount: said.pay_amount,
    payCurrency: said.pay_currency,
    actuallyPaid: said.actually_paid,
    childPaymentIds: said.payment_extra_ids,
  }))

const payout = z
  .object({
    id: idText,
    batch_withdrawal_id: idText,
    status: hint(statusText),
    currency: hint(ticker),
    amount: hint(amount),
    fee: hint(amount),
    hash: hint(z.string()),
    error: hint(z.string()),
  })
  .transform(({ id, batch_withdrawal_id: batchId, ...said }): PayoutNotification => {
    return { kind: 'payout', withdrawalId: id, batchId, ...said }
  })

const recurring = z
  .object({ id: idText, status: statusText, currency: hint(ticker), amount: hint(amount) })
  .transform((said): RecurringNotification => ({ kind: 'recurring', ...said }))

/** Reads a verified notification, by its shape: payments have a `payment_id`, payouts a `batch_withdrawal_id`. */
export function readNotification(tree: JsonObject): Notification {
  const names = new Set(tree.members.map(({ name }) => name))
  const shape = names.has('payment_id') ? payment : names.has('batch_withdrawal_id') ? payout : recurring
  return shape.safeParse(plainTree(tree)).data ?? { kind: 'other' }
}
