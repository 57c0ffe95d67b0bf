import { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type Invoice } from '../book.ts'
import { notFound } from '../errors.ts'
import { createdView } from '../views.ts'
import { amountParam, type ApiContext, flagParam, readParams, textParam, urlParam } from './context.ts'

const newInvoice = z.object({
  price_amount: amountParam,
  price_currency: z.string(),
  pay_currency: textParam,
  ipn_callback_url: urlParam,
  order_id: textParam,
  order_description: textParam,
  success_url: urlParam,
  cancel_url: urlParam,
  partially_paid_url: urlParam,
  is_fixed_rate: flagParam.default(false),
  is_fee_paid_by_user: flagParam.default(false),
})

const invoicePayment = z.object({
  iid: z.union([z.string(), z.number().transform(String)]),
  pay_currency: z.string(),
  purchase_id: z.union([z.string(), z.number().transform(String)]).optional(),
  order_description: textParam,
  customer_email: textParam,
})

/** Invoices, and the payments made for them: one invoice can have several. */
export function invoiceRoutes(api: FastifyInstance, context: ApiContext): void {
  const { provider } = context
  api.post('/invoice', (request, reply) => {
    const invoice = provider.book.saveInvoice(invoiceOf(context, readParams(newInvoice, request.body)))
    return reply.code(201).send(invoiceView(invoice, context))
  })
  api.post('/invoice-payment', (request, reply) => {
    const wanted = readParams(invoicePayment, request.body)
    const invoice = provider.book.findInvoice(wanted.iid)
    if (invoice === undefined) throw notFound('Invoice')
    const payment = provider.create(
      {
        ...invoice,
        invoiceId: invoice.id,
        payCurrency: wanted.pay_currency,
        purchaseId: wanted.purchase_id,
        orderDescription: wanted.order_description ?? invoice.orderDescription,
      },
      context.creator(),
    )
    return reply.code(201).send(createdView(payment, false))
  })
}

function invoiceOf({ provider, now }: ApiContext, wanted: z.output<typeof newInvoice>): Invoice {
  return {
    id: provider.book.newId(),
    tokenId: provider.book.newId(),
    priceAmount: wanted.price_amount,
    priceCurrency: wanted.price_currency,
    payCurrency: wanted.pay_currency ?? null,
    orderId: wanted.order_id ?? null,
    orderDescription: wanted.order_description ?? null,
    callbackUrl: wanted.ipn_callback_url ?? null,
    successUrl: wanted.success_url ?? null,
    cancelUrl: wanted.cancel_url ?? null,
    partiallyPaidUrl: wanted.partially_paid_url ?? null,
    isFixedRate: wanted.is_fixed_rate,
    isFeePaidByUser: wanted.is_fee_paid_by_user,
    createdAt: now(),
  }
}

/** The price is text here, and there is no status: an invoice is not a payment. */
function invoiceView(invoice: Invoice, { payUrl }: ApiContext) {
  const createdAt = new Date(invoice.createdAt).toISOString()
  return {
    id: invoice.id,
    token_id: invoice.tokenId,
    order_id: invoice.orderId,
    order_description: invoice.orderDescription,
    price_amount: invoice.priceAmount,
    price_currency: invoice.priceCurrency,
    pay_currency: invoice.payCurrency,
    ipn_callback_url: invoice.callbackUrl,
    invoice_url: `${payUrl()}?iid=${invoice.id}`,
    success_url: invoice.successUrl,
    cancel_url: invoice.cancelUrl,
    partially_paid_url: invoice.partiallyPaidUrl,
    payout_currency: null,
    created_at: createdAt,
    updated_at: createdAt,
    is_fixed_rate: invoice.isFixedRate,
    is_fee_paid_by_user: invoice.isFeePaidByUser,
  }
}
