import { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { act } from '../actions.ts'
import { ApiError, invalidParams, notFound } from '../errors.ts'
import { type SimulatedPayment } from '../payment.ts'
import { createdView, listView, statusView } from '../views.ts'
import {
  amountParam,
  type ApiContext,
  flagParam,
  paramOf,
  readParams,
  requireToken,
  textParam,
  urlParam,
} from './context.ts'

const newPayment = z.object({
  price_amount: amountParam,
  price_currency: z.string(),
  pay_currency: z.string(),
  pay_amount: amountParam.optional(),
  ipn_callback_url: urlParam,
  order_id: textParam,
  order_description: textParam,
  purchase_id: z.union([z.string(), z.number().transform(String)]).optional(),
  payout_address: textParam,
  payout_currency: textParam,
  is_fixed_rate: flagParam.optional(),
  fixed_rate: flagParam.optional(),
  is_fee_paid_by_user: flagParam.optional(),
  case: z.enum(['success', 'common', 'failed', 'partially_paid']).default('common'),
})

const sortable = [
  'payment_id',
  'payment_status',
  'pay_address',
  'price_amount',
  'price_currency',
  'pay_amount',
  'actually_paid',
  'pay_currency',
  'order_id',
  'order_description',
  'purchase_id',
  'outcome_amount',
  'outcome_currency',
  'created_at',
  'updated_at',
] as const

const day = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).transform((text) => Date.parse(text))

const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(10),
  page: z.coerce.number().int().min(0).default(0),
  sortBy: z.enum(sortable).default('created_at'),
  orderBy: z.string().default('asc'),
  dateFrom: day.optional(),
  dateTo: day.optional(),
  invoiceId: z.string().optional(),
})

/** Creating, reading and listing payments. */
export function paymentRoutes(api: FastifyInstance, context: ApiContext): void {
  const { provider, faults } = context
  api.post('/payment', (request, reply) => {
    const wanted = readParams(newPayment, request.body)
    const payment = create(context, wanted)
    const hasStringAmounts = faults.take('string-amounts', { operation: 'create' }) !== undefined
    return reply.code(201).send(createdView(payment, hasStringAmounts))
  })
  api.get('/payment/:id', (request) => {
    const payment = findOwn(context, paramOf(request, 'id'))
    return statusView(payment, faults.find('zero-paid', { status: payment.status }) !== undefined)
  })
  api.get('/payment', (request) => {
    requireToken(context, request)
    return list(provider.book.list(), readParams(listQuery, request.query))
  })
  api.post('/payment/:id/update-merchant-estimate', (request) => {
    const { id, payAmount, validUntil } = findOwn(context, paramOf(request, 'id'))
    const expiration = new Date(validUntil).toISOString()
    return { id, token_id: '5566778899', pay_amount: Number(payAmount), expiration_estimate_date: expiration }
  })
}

function create({ provider, creator }: ApiContext, wanted: z.output<typeof newPayment>): SimulatedPayment {
  if (wanted.payout_address != null && wanted.payout_currency == null) {
    throw invalidParams('payout_currency: required with payout_address')
  }
  const payment = provider.create(
    {
      priceAmount: wanted.price_amount,
      priceCurrency: wanted.price_currency,
      payCurrency: wanted.pay_currency,
      payAmount: wanted.pay_amount,
      purchaseId: wanted.purchase_id,
      orderId: wanted.order_id,
      orderDescription: wanted.order_description,
      callbackUrl: wanted.ipn_callback_url,
      isFixedRate: wanted.is_fixed_rate ?? wanted.fixed_rate,
      isFeePaidByUser: wanted.is_fee_paid_by_user,
    },
    creator(),
  )
  const runs = { success: 'pay', failed: 'fail', partially_paid: 'pay-less', common: undefined } as const
  const action = runs[wanted.case]
  if (action !== undefined) act(provider, payment.id, { action })
  return payment
}

/** Another key than the one that made it does not see a payment. */
function findOwn({ provider, creator }: ApiContext, id: string): SimulatedPayment {
  if (!/^\d+$/.test(id)) throw invalidParams('payment_id: must be a number')
  const payment = provider.book.find(id)
  if (payment?.creator !== creator()) throw notFound('Payment')
  return payment
}

function list(payments: readonly SimulatedPayment[], query: z.output<typeof listQuery>) {
  const { limit, page, sortBy, orderBy } = query
  if (!/^(?:asc|desc)$/i.test(orderBy)) throw new ApiError(500, 'INTERNAL_ERROR', 'Internal server error')
  const sign = /^desc$/i.test(orderBy) ? -1 : 1
  const found = payments.filter((payment) => isListed(payment, query)).map(listView)
  const sorted = found.sort((left, right) => sign * compare(left[sortBy], right[sortBy]))
  return {
    data: sorted.slice(page * limit, (page + 1) * limit),
    ...{ limit, page },
    pagesCount: Math.ceil(sorted.length / limit),
    total: sorted.length,
  }
}

function isListed({ createdAt, invoiceId }: SimulatedPayment, query: z.output<typeof listQuery>): boolean {
  const isInTime = createdAt >= (query.dateFrom ?? -Infinity) && createdAt <= (query.dateTo ?? Infinity)
  return isInTime && (query.invoiceId === undefined || invoiceId === query.invoiceId)
}

function compare(left: string | number | null, right: string | number | null): number {
  if (left === right) return 0
  if (left === null || right === null) return left === null ? -1 : 1
  return left < right ? -1 : 1
}
