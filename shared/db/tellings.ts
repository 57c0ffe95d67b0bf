import { type Queryable } from './pool.ts'

/** The right to tell one thing to one person. `holder` is the fencing token. */
export type HeldTelling = { readonly key: string; readonly holder: string }

/** Takes it for `leaseMs`, unless somebody else is telling it. */
export async function claimTelling(db: Queryable, key: string, leaseMs: number): Promise<HeldTelling | undefined> {
  const { rows } = await db.query<HeldTelling>(
    `insert into tellings (key, lease_until) values ($1, clock_timestamp() + $2 * interval '1 ms')
         on conflict (key) do update
               set holder = excluded.holder, lease_until = excluded.lease_until
             where tellings.lease_until < clock_timestamp()
  returning key, holder`,
    [key, leaseMs],
  )
  return rows[0]
}

/** It was told, or was not: whoever comes next finds out which. Changes nothing when somebody else holds it meanwhile. */
export async function endTelling(db: Queryable, { key, holder }: HeldTelling): Promise<void> {
  await db.query(`delete from tellings where key = $1 and holder = $2`, [key, holder])
}

/** Milliseconds until it may be taken again; 0 when it is free. */
export async function tellingFreeInMs(db: Queryable, key: string): Promise<number> {
  const { rows } = await db.query<{ ms: number }>(
    `select greatest(0, extract(epoch from lease_until - clock_timestamp()) * 1000)::float8 as ms
       from tellings
      where key = $1`,
    [key],
  )
  return Math.ceil(rows[0]?.ms ?? 0)
}
