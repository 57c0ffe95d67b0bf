import { dollars } from '../../shared/domain/money.ts'
import { compareDecimals, parseDecimal } from '../../shared/domain/decimal.ts'
import { type NowPayments, openNowPayments } from '../../shared/nowpayments/client.ts'
import { type Finding, ok, unknown, warning, wrong } from './finding.ts'
import { type Settings } from './read-settings.ts'

type ProviderSettings = NonNullable<Settings['nowPayments']>

export async function checkNowPayments({ nowPayments: settings, money }: Settings): Promise<Finding[]> {
  if (settings === undefined) return []
  const provider = openNowPayments({ ...settings, deadlines: { get: 8_000, create: 8_000 }, pauseMs: () => 200 })
  const status = await provider.status()
  if (status.kind !== 'found') {
    const reason = status.kind === 'unreachable' ? status.cause : status.message
    return [wrong('nowpayments', `NOWPayments does not answer: ${reason}`, 'check NOWPAYMENTS_API_URL and the network')]
  }
  const coins = await provider.merchantCoins()
  if (coins.kind === 'not authorised') {
    const says = `NOWPayments refuses the key: ${coins.message || 'not authorised'}`
    return [
      wrong(
        'nowpayments',
        says,
        'copy NOWPAYMENTS_API_KEY again; does the account limit the addresses it may be used from?',
      ),
    ]
  }
  if (coins.kind !== 'found')
    return [unknown('nowpayments', 'NOWPayments answers, and does not tell the coins just now')]
  return [
    ok('nowpayments', 'NOWPayments answers and knows the key'),
    ...(money === undefined ? [] : await checkCoins(provider, settings, money, coins.value)),
  ]
}

type Money = NonNullable<Settings['money']>

async function checkCoins(
  provider: NowPayments,
  { outcomeCoin }: ProviderSettings,
  money: Money,
  enabled: readonly string[],
): Promise<Finding[]> {
  const usable = money.coins.filter((coin) => enabled.includes(coin))
  const missing = money.coins.filter((coin) => !enabled.includes(coin))
  const enable = 'enable them in the NOWPayments dashboard, or take them out of PAYMENT_COINS'
  if (usable.length === 0) {
    return [
      wrong(
        'nowpayments',
        `the account has none of the coins of PAYMENT_COINS enabled (${missing.join(', ')})`,
        enable,
      ),
    ]
  }
  const off =
    missing.length === 0
      ? ok('nowpayments', `coins: ${usable.join(', ')}`)
      : warning('nowpayments', `coins of PAYMENT_COINS that the account has not enabled: ${missing.join(', ')}`, enable)
  return [off, ...(await checkMinimums(provider, usable, outcomeCoin, money))]
}

async function checkMinimums(
  provider: NowPayments,
  coins: readonly string[],
  outcomeCoin: string,
  { priceMinCents }: Money,
): Promise<Finding[]> {
  const found: Finding[] = []
  const refused: string[] = []
  for (const coin of coins) {
    const minimum = await provider.minAmount(coin, outcomeCoin)
    if (minimum.kind === 'found') found.push(told(coin, minimum.value.usd, priceMinCents))
    else if (minimum.kind === 'unreachable') found.push(unknown('nowpayments', `${leastIn(coin)}: ${minimum.cause}`))
    else refused.push(coin)
  }
  if (refused.length === 0) return found
  const says = `NOWPayments tells no minimum for ${refused.join(', ')} settled in ${outcomeCoin}`
  const todo = 'set NOWPAYMENTS_OUTCOME_COIN to the coin the account is settled in'
  return [...found, wrong('nowpayments', says, todo)]
}

const leastIn = (coin: string): string => `the least that can be paid in ${coin}`

function told(coin: string, usd: string | null, priceMinCents: bigint): Finding {
  if (usd === null) return unknown('nowpayments', leastIn(coin))
  const isAbove = compareDecimals(parseDecimal(usd), parseDecimal(dollars(priceMinCents))) > 0
  return ok('nowpayments', `$${usd} is ${leastIn(coin)}${isAbove ? ': cheaper products are not offered for it' : ''}`)
}
