import { type Logger } from 'pino'
import { type Coin } from '../../../shared/domain/coin.ts'
import { inUnits, parseDecimal, roundUp } from '../../../shared/domain/decimal.ts'
import { cents, type Cents } from '../../../shared/domain/money.ts'
import {
  type CoinLimit,
  listCoinEstimates,
  listCoinLimits,
  setCoinEstimate,
  setCoinLimit,
} from '../../../shared/db/coin-limits.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { type NowPayments } from '../../../shared/nowpayments/client.ts'

export type CoinDeps = {
  readonly db: Database
  readonly payments: Pick<NowPayments, 'merchantCoins' | 'minAmount' | 'estimate'>
  readonly log: Logger
  /** In the order they are to be shown. */
  readonly coins: readonly Coin[]
  readonly outcomeCoin: string
}

/** `estimate`: about how much of the coin it will be, when that is known. */
export type OfferedCoin = { readonly coin: Coin; readonly estimate: string | undefined }
/** `minimum` is missing when the coin cannot be had at all at the moment. */
export type HiddenCoin = { readonly coin: Coin; readonly minimum: Cents | undefined }
export type CoinChoice = { readonly offered: readonly OfferedCoin[]; readonly hidden: readonly HiddenCoin[] }

/** The coins that can carry a total, and why the others cannot. Asks NOWPayments for what is older than 10 minutes. */
export async function findCoins(deps: CoinDeps, total: Cents): Promise<CoinChoice> {
  const { offered, hidden } = await findCarryingCoins(deps, total)
  const estimates = await Promise.all(offered.map(({ coin }) => findEstimate(deps, coin, total)))
  return { offered: offered.map(({ coin }, index) => ({ coin, estimate: estimates[index] })), hidden }
}

/** The same without estimates: for a seller, who is not about to pay. */
export async function findCarryingCoins(deps: CoinDeps, total: Cents): Promise<CoinChoice> {
  await refreshLimits(deps)
  return findKnownCoins(deps, total)
}

/** The same from what is known already, without asking anybody and without estimates. */
export async function findKnownCoins({ db, coins }: Pick<CoinDeps, 'db' | 'coins'>, total: Cents): Promise<CoinChoice> {
  const limits = new Map((await listCoinLimits(db, coins)).map((limit) => [limit.coin, limit]))
  const offered = coins.filter((coin) => carries(limits.get(coin), total))
  const hidden = coins.filter((coin) => !offered.includes(coin))
  return {
    offered: offered.map((coin) => ({ coin, estimate: undefined })),
    hidden: hidden.map((coin) => ({ coin, minimum: limits.get(coin)?.minimum ?? undefined })),
  }
}

/** A deposit under the minimum is lost, so the total must exceed it by 5 %. */
const carries = (limit: CoinLimit | undefined, total: Cents): boolean =>
  limit?.enabled === true && limit.minimum !== null && limit.minimum * 105n <= total * 100n

async function refreshLimits(deps: CoinDeps): Promise<void> {
  const known = await listCoinLimits(deps.db, deps.coins)
  const fresh = known.filter(({ isFresh }) => isFresh).map(({ coin }) => coin)
  const stale = deps.coins.filter((coin) => !fresh.includes(coin))
  if (stale.length === 0) return
  const enabled = await deps.payments.merchantCoins()
  if (enabled.kind !== 'found') {
    deps.log.warn({ reason: 'coins.unread', said: enabled.kind }, 'cannot read the coins of the merchant account')
    return
  }
  await Promise.all(stale.map((coin) => refreshLimit(deps, coin, enabled.value.includes(coin))))
}

/** What cannot be read keeps its last known value for a day. */
async function refreshLimit(deps: CoinDeps, coin: Coin, isEnabled: boolean): Promise<void> {
  if (!isEnabled) return setCoinLimit(deps.db, coin, null)
  const reply = await deps.payments.minAmount(coin, deps.outcomeCoin)
  const minimum = reply.kind === 'found' && reply.value.usd !== null ? centsAtLeast(reply.value.usd) : undefined
  if (minimum !== undefined) return setCoinLimit(deps.db, coin, minimum)
  deps.log.warn({ reason: 'coins.unread', coin, said: reply.kind }, 'cannot read the minimum of a coin')
}

const centsAtLeast = (usd: string): Cents => cents(inUnits(roundUp(parseDecimal(usd), 2), 2) ?? 0n)

/** An estimate is only a help: without one, the coin is shown without an amount. */
async function findEstimate({ db, payments }: CoinDeps, coin: Coin, total: Cents): Promise<string | undefined> {
  const [known] = await listCoinEstimates(db, [coin], total)
  if (known !== undefined) return known.amount
  const reply = await payments.estimate(total, coin)
  if (reply.kind !== 'found') return undefined
  await setCoinEstimate(db, coin, total, reply.value)
  return reply.value
}
