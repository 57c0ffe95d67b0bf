import { z } from 'zod'
import { type DecimalText, decimalText, zero } from '../domain/decimal.ts'
import { amount, idList, idText, moment, optional, type Plain, priceCents, ticker } from './fields.ts'

/** What NOWPayments says of one payment when asked. The status is its own word, known to us or not. */
export type PaymentReport = {
  readonly paymentId: string
  readonly parentPaymentId: string | null
  readonly status: string
  readonly priceCents: bigint | null
  readonly priceCurrency: string
  readonly payAmount: DecimalText
  readonly payCurrency: string
  readonly actuallyPaid: DecimalText
  readonly outcomeAmount: DecimalText | null
  readonly outcomeCurrency: string | null
  readonly orderId: string | null
  readonly childPaymentIds: readonly string[]
  readonly address: string | null
  readonly memo: string | null
  readonly network: string | null
  readonly createdAt: Date | null
  readonly validUntil: Date | null
}

/** Without control characters, which no table takes. */
export const statusText = z.string().regex(/^[^\p{Cc}]{1,64}$/u)

const paymentReport = z
  .object({
    payment_id: idText,
    parent_payment_id: optional(idText),
    payment_status: statusText,
    price_amount: priceCents,
    price_currency: ticker,
    pay_amount: amount,
    pay_currency: ticker,
    actually_paid: optional(amount),
    outcome_amount: optional(amount),
    outcome_currency: optional(ticker),
    order_id: optional(z.string()),
    payment_extra_ids: idList,
    pay_address: optional(z.string()),
    payin_extra_id: optional(z.string()),
    network: optional(z.string()),
    created_at: optional(moment),
    valid_until: optional(moment),
  })
  .transform((said): PaymentReport => ({
    paymentId: said.payment_id,
    parentPaymentId: said.parent_payment_id,
    status: said.payment_status,
    priceCents: said.price_amount,
    priceCurrency: said.price_currency,
    payAmount: said.pay_amount,
    payCurrency: said.pay_currency,
    actuallyPaid: said.actually_paid ?? decimalText(zero),
    outcomeAmount: said.outcome_amount,
    outcomeCurrency: said.outcome_currency,
    orderId: said.order_id,
    childPaymentIds: said.payment_extra_ids,
    address: said.pay_address,
    memo: said.payin_extra_id,
    network: said.network,
    createdAt: said.created_at,
    validUntil: said.valid_until,
  }))

/** Reads a payment from an answer of the API; `undefined` when an id or amount in it cannot be trusted. */
export const readPaymentReport = (answer: Plain): PaymentReport | undefined => paymentReport.safeParse(answer).data
