import { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { decimalText } from '../../../shared/domain/decimal.ts'
import { findCoin } from '../coins.ts'
import { ApiError, notFound } from '../errors.ts'
import { issueToken } from '../jwt.ts'
import { type NewWithdrawal } from '../payouts.ts'
import { minimumOf } from '../rates.ts'
import { withdrawalView } from '../withdrawal.ts'
import {
  amountParam,
  type ApiContext,
  paramOf,
  readParams,
  requireKnownAddress,
  requireToken,
  textParam,
  urlParam,
} from './context.ts'

const login = z.object({ email: z.string(), password: z.string() })
const addressCheck = z.object({ address: z.string(), currency: z.string(), extra_id: textParam })
const verification = z.object({ verification_code: z.string() })
const feeQuery = z.object({ currency: z.string(), amount: amountParam })
const payoutsQuery = z.object({ batch_id: z.string().optional(), status: z.string().optional() })

const newBatch = z.object({
  payout_description: textParam,
  ipn_callback_url: urlParam,
  execute_at: z.iso.datetime({ offset: true }).optional(),
  withdrawals: z
    .array(
      z.object({
        address: z.string(),
        currency: z.string().transform((code) => code.toLowerCase()),
        amount: amountParam,
        extra_id: textParam,
        ipn_callback_url: urlParam,
        unique_external_id: textParam,
      }),
    )
    .min(1),
})

/** Money out. Every call of it needs a known address; creating and confirming also a fresh login. */
export function payoutRoutes(api: FastifyInstance, context: ApiContext): void {
  const { payouts, now } = context
  api.post('/auth', ({ body }) => ({ token: logIn(context, readParams(login, body)) }))
  api.post('/payout/validate-address', (request, reply) => {
    const { address, currency } = readParams(addressCheck, request.body)
    payouts.validateAddress(address, currency)
    return reply.type('text/plain').send('OK')
  })
  api.post('/payout', (request) => {
    guard(context, request)
    const wanted = readParams(newBatch, request.body)
    const executeAt = wanted.execute_at === undefined ? now() : Date.parse(wanted.execute_at)
    const withdrawals = payouts.create(wanted.withdrawals.map(withdrawalOf(wanted)), executeAt).map(withdrawalView)
    return { id: withdrawals[0]?.batch_withdrawal_id, withdrawals }
  })
  api.post('/payout/:id/verify', (request, reply) => {
    guard(context, request)
    payouts.verify(paramOf(request, 'id'), readParams(verification, request.body).verification_code)
    return reply.type('text/plain').send('OK')
  })
  api.post('/payout/:id/cancel', (request) => {
    guard(context, request)
    return withdrawalView(payouts.cancel(paramOf(request, 'id')))
  })
  payoutReads(api, context)
}

function payoutReads(api: FastifyInstance, context: ApiContext): void {
  const { payouts } = context
  api.get('/payout', (request) => {
    requireKnownAddress(context, request)
    const { batch_id: batchId, status } = readParams(payoutsQuery, request.query)
    const found = payouts.list(batchId).filter((known) => status === undefined || known.status === status.toUpperCase())
    return { payouts: found.map(withdrawalView) }
  })
  api.get('/payout/fee', ({ query }) => {
    const { currency } = readParams(feeQuery, query)
    return { currency, fee: Number(decimalText(payouts.feeOf(knownCoin(currency).code))) }
  })
  api.get('/payout/:id', (request) => {
    const id = paramOf(request, 'id')
    const found = payouts.list().filter((known) => known.id === id || known.batchId === id)
    if (found.length === 0) throw notFound('Payout')
    return found.map(withdrawalView)
  })
  api.get('/payout-withdrawal/min-amount/:coin', (request) => {
    requireKnownAddress(context, request)
    const coin = knownCoin(paramOf(request, 'coin'))
    return { success: true, result: Number(decimalText(minimumOf(coin, false))) }
  })
}

function guard(context: ApiContext, request: Parameters<typeof requireToken>[1]): void {
  requireToken(context, request)
  requireKnownAddress(context, request)
}

function logIn({ account, tokenSecret, now }: ApiContext, { email, password }: z.output<typeof login>): string {
  if (email !== account.email || password !== account.password) {
    throw new ApiError(403, 'ACCESS_DENIED', 'Invalid credentials')
  }
  return issueToken('4512998123', tokenSecret, now())
}

function knownCoin(code: string) {
  const coin = findCoin(code)
  if (coin === undefined) throw notFound(`Currency ${code}`)
  return coin
}

type Wanted = z.output<typeof newBatch>

const withdrawalOf =
  (batch: Wanted) =>
  ({ address, currency, amount, ...wanted }: Wanted['withdrawals'][number]): NewWithdrawal => ({
    ...{ address, currency, amount },
    extraId: wanted.extra_id ?? null,
    uniqueExternalId: wanted.unique_external_id ?? null,
    description: batch.payout_description ?? null,
    callbackUrl: wanted.ipn_callback_url ?? batch.ipn_callback_url ?? null,
  })
