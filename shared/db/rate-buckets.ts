import { type Queryable } from './pool.ts'

/** At most `burst` at once, and `perSecond` more as time goes by. */
export type Rate = { readonly burst: number; readonly perSecond: number }

/** Takes one token from a bucket that all copies of a service share; false when it is empty. */
export async function takeToken(db: Queryable, key: string, { burst, perSecond }: Rate): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into rate_buckets as bucket (key, tokens)
     values ($1, $2::float8 - 1)
         on conflict (key) do update
        set tokens = least($2, bucket.tokens + $3 * seconds_since(bucket.updated_at)) - 1,
            updated_at = clock_timestamp()
      where least($2, bucket.tokens + $3 * seconds_since(bucket.updated_at)) >= 1`,
    [key, burst, perSecond],
  )
  return rowCount === 1
}

/**
 * Takes the next turn of something that all copies of a service together may do so often a second, evenly spaced. Returns
 * how long to wait for it, in milliseconds.
 */
export async function takeTurn(db: Queryable, key: string, perSecond: number): Promise<number> {
  const { rows } = await db.query<{ waitMs: number }>(
    `insert into rate_buckets as bucket (key, tokens)
     values ($1, 0)
         on conflict (key) do update
        set tokens = least(1, bucket.tokens + $2 * seconds_since(bucket.updated_at)) - 1,
            updated_at = clock_timestamp()
  returning greatest(0, -tokens) * 1000 / $2 as "waitMs"`,
    [key, perSecond],
  )
  return rows[0]?.waitMs ?? 0
}
