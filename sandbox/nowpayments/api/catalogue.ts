import { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { decimalText, parseDecimal, roundDown } from '../../../shared/domain/decimal.ts'
import { walletPattern } from '../addresses.ts'
import { coins, findCoin, isFiat, needsMemo, type SimulatedCoin } from '../coins.ts'
import { currencyUnavailable, notFound } from '../errors.ts'
import { convert, minimumOf, quote } from '../rates.ts'
import { amountParam, type ApiContext, flagParam, readParams, requireKnownAddress } from './context.ts'

const estimateQuery = z.object({ amount: amountParam, currency_from: z.string(), currency_to: z.string() })

const minimumQuery = z.object({
  currency_from: z.string(),
  currency_to: z.string().optional(),
  fiat_equivalent: z.string().optional(),
  is_fixed_rate: flagParam.default(false),
  is_fee_paid_by_user: flagParam.default(false),
})

/** What can be paid with, what it costs, and the least there is. */
export function catalogueRoutes(api: FastifyInstance, context: ApiContext): void {
  const { faults, enabledCoins } = context
  api.get('/status', () => ({ message: 'OK' }))
  api.get('/currencies', () => ({ currencies: coins.map(({ code }) => code) }))
  api.get('/full-currencies', () => ({ currencies: coins.map(fullCurrency) }))
  api.get('/merchant/coins', () => ({ selectedCurrencies: enabledCoins.map((code) => code.toUpperCase()) }))
  api.get('/min-amount', ({ query }) => minimumView(readParams(minimumQuery, query)))
  api.get('/estimate', ({ query }) => {
    if (faults.take('coin-unavailable', { operation: 'estimate' }) !== undefined) throw currencyUnavailable()
    const hasStringAmounts = faults.take('string-amounts', { operation: 'estimate' }) !== undefined
    return estimateView(readParams(estimateQuery, query), hasStringAmounts)
  })
  api.get('/balance', (request) => {
    requireKnownAddress(context, request)
    return Object.fromEntries(context.payouts.balance().map(([code, amount]) => [code, { amount, pendingAmount: 0 }]))
  })
}

function estimateView(
  { amount, currency_from: from, currency_to: to }: z.output<typeof estimateQuery>,
  asText: boolean,
) {
  const estimated = quote(parseDecimal(amount), known(from), known(to))
  if (estimated === undefined) throw notFound(`Currency ${to}`)
  const text = decimalText(estimated)
  return {
    currency_from: from.toLowerCase(),
    amount_from: Number(amount),
    currency_to: to.toLowerCase(),
    estimated_amount: asText ? text : Number(text),
  }
}

function minimumView(query: z.output<typeof minimumQuery>) {
  const from = known(query.currency_from)
  const to = query.currency_to === undefined ? from : known(query.currency_to)
  const isFixedRate = query.is_fixed_rate || query.is_fee_paid_by_user
  const paidCoin = findCoin(from) ?? findCoin(to)
  if (paidCoin === undefined) throw notFound(`Currency ${from}`)
  const inCoin = minimumOf(paidCoin, isFixedRate)
  const amount = convert(inCoin, paidCoin.code, from) ?? inCoin
  const fiat = query.fiat_equivalent === undefined ? undefined : convert(amount, from, known(query.fiat_equivalent))
  return {
    currency_from: from,
    currency_to: to,
    min_amount: Number(decimalText(roundDown(amount, 8))),
    ...(fiat === undefined ? {} : { fiat_equivalent: Number(decimalText(roundDown(fiat, 8))) }),
  }
}

function known(code: string): string {
  if (findCoin(code) === undefined && !isFiat(code)) throw notFound(`Currency ${code}`)
  return code.toLowerCase()
}

/** Field by field as the service answers; the decimals are text. */
function fullCurrency(coin: SimulatedCoin, index: number) {
  const hasMemo = needsMemo(coin)
  return {
    id: index + 1,
    code: coin.code.toUpperCase(),
    name: coin.name,
    enable: true,
    wallet_regex: walletPattern(coin.addressKind),
    priority: index + 100,
    extra_id_exists: hasMemo,
    extra_id_regex: hasMemo ? '^[0-9]{1,20}$' : null,
    logo_url: `/images/coins/${coin.code}.svg`,
    track: true,
    cg_id: coin.ticker,
    is_maxlimit: false,
    network: coin.network,
    smart_contract: coin.contract,
    network_precision: String(coin.decimals),
    explorer_link_hash: null,
    precision: Math.min(coin.decimals, 8),
    ticker: coin.ticker,
    is_defi: false,
    is_popular: index < 5,
    is_stable: coin.ticker.startsWith('usd'),
    available_for_to_conversion: true,
    trust_wallet_id: null,
    created_at: '2021-06-14T10:31:25.000Z',
    updated_at: '2026-09-30T08:12:03.000Z',
    available_for_payment: true,
    available_for_payout: true,
    extra_id_optional: hasMemo,
  }
}
