import { type Queryable } from './pool.ts'
import { storableJson, storableText } from './storable.ts'

export type OutboxRow = {
  readonly position: bigint
  readonly id: string
  readonly subject: string
  readonly dedupeKey: string
  readonly payload: unknown
  readonly createdAt: Date
  readonly tries: number
}

/**
 * Writes an event in the transaction that caused it. While one for the same key waits, asking again changes nothing; and
 * who asks for the same thing more than four times a minute is served ever more slowly.
 */
export async function insertEvent(tx: Queryable, subject: string, dedupeKey: string, payload: unknown): Promise<void> {
  await tx.query(
    `insert into outbox (subject, dedupe_key, payload, next_try_at)
     select $1, $2, $3,
            clock_timestamp() + case when count(*) < 4 then 0 else least(2 ^ (count(*) - 3), 60) end * interval '1 s'
       from outbox
      where subject = $1
        and dedupe_key = $2
        and created_at > clock_timestamp() - interval '1 minute'
         on conflict (subject, dedupe_key) where sent_at is null do nothing`,
    [subject, storableText(dedupeKey), storableJson(payload)],
  )
  // delivered at commit, and only a hint: the relay also looks every second
  await tx.query(`select pg_notify('outbox', '')`)
}

/** Takes due events for `leaseMs`: other relays leave them alone, and find them again if this one dies. */
export async function claimEvents(db: Queryable, limit: number, leaseMs: number): Promise<OutboxRow[]> {
  const { rows } = await db.query<OutboxRow>(
    `update outbox
        set tries = tries + 1,
            next_try_at = clock_timestamp() + $2 * interval '1 ms'
      where position in (select position
                           from outbox
                          where sent_at is null
                            and next_try_at <= clock_timestamp()
                          order by next_try_at, position
                          limit $1
                            for update skip locked)
  returning position, id, subject, dedupe_key as "dedupeKey", payload, created_at as "createdAt", tries`,
    [limit, leaseMs],
  )
  return rows.sort((left, right) => (left.position < right.position ? -1 : 1))
}

export async function markSent(db: Queryable, positions: readonly bigint[]): Promise<void> {
  await db.query(`update outbox set sent_at = clock_timestamp() where position = any($1) and sent_at is null`, [
    positions,
  ])
}

/** Gives events back that could not be published; they are due again after `pauseMs`. */
export async function releaseEvents(db: Queryable, positions: readonly bigint[], pauseMs: number): Promise<void> {
  await db.query(
    `update outbox
        set next_try_at = clock_timestamp() + $2 * interval '1 ms'
      where position = any($1)
        and sent_at is null`,
    [positions, pauseMs],
  )
}

/** The health of the whole system: how long the oldest unsent event has been waiting, in seconds. */
export async function oldestUnsentSeconds(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ age: number }>(
    `select coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as age
       from outbox
      where sent_at is null`,
  )
  return Math.max(0, Math.round(rows[0]?.age ?? 0))
}

/** How many events are waiting, those that wait for their next try included. */
export async function countUnsent(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from outbox where sent_at is null`,
  )
  return rows[0]?.count ?? 0
}
