import { type Cents } from '../domain/money.ts'
import { type Queryable } from './pool.ts'

/** The smallest payment NOWPayments takes in a coin, as last heard. `isFresh`: heard in the last 10 minutes. */
export type CoinLimit = {
  readonly coin: string
  readonly minimum: Cents | null
  readonly enabled: boolean
  readonly isFresh: boolean
}

/** What was heard in the last 24 h; older knowledge is none. */
export async function listCoinLimits(db: Queryable, coins: readonly string[]): Promise<CoinLimit[]> {
  const { rows } = await db.query<CoinLimit>(
    `select coin, min_usd_cents as "minimum", enabled, read_at > clock_timestamp() - interval '10 minutes' as "isFresh"
       from coin_limits
      where coin = any($1)
        and read_at > clock_timestamp() - interval '24 hours'`,
    [coins],
  )
  return rows
}

/** Notes a minimum, or (null) that the coin is not to be had at the moment. */
export async function setCoinLimit(db: Queryable, coin: string, minimum: Cents | null): Promise<void> {
  await db.query(
    `insert into coin_limits (coin, min_usd_cents, enabled, read_at)
     values ($1, $2::bigint, $2::bigint is not null, clock_timestamp())
     on conflict (coin) do update
        set min_usd_cents = excluded.min_usd_cents, enabled = excluded.enabled, read_at = excluded.read_at`,
    [coin, minimum],
  )
}

export type CoinEstimate = { readonly coin: string; readonly amount: string }

/** What a total is worth in each coin, heard in the last minutes. */
export async function listCoinEstimates(
  db: Queryable,
  coins: readonly string[],
  total: Cents,
): Promise<CoinEstimate[]> {
  const { rows } = await db.query<CoinEstimate>(
    `select coin, amount
       from coin_estimates
      where coin = any($1)
        and total_cents = $2
        and read_at > clock_timestamp() - interval '2 minutes'`,
    [coins, total],
  )
  return rows
}

/** Keeps an estimate, and forgets a few that are too old to be shown. */
export async function setCoinEstimate(db: Queryable, coin: string, total: Cents, amount: string): Promise<void> {
  await db.query(
    `delete from coin_estimates
      where (coin, total_cents) in (select coin, total_cents
                                      from coin_estimates
                                     where read_at < clock_timestamp() - interval '1 hour'
                                     limit 100
                                       for update skip locked)`,
  )
  await db.query(
    `insert into coin_estimates (coin, total_cents, amount)
     values ($1, $2, $3)
     on conflict (coin, total_cents) do update set amount = excluded.amount, read_at = clock_timestamp()`,
    [coin, total, amount],
  )
}
