import { type Queryable } from './pool.ts'

/** What the tables say is the case. Each question answers with rows that last until somebody or something acts. */

export type Found = { readonly subject: string; readonly count: number; readonly detail: string }

/** Open dead letters by who gave up, with the oldest reason. */
export const findDeadLetters = (db: Queryable): Promise<readonly Found[]> =>
  find(
    db,
    `select kind as subject, count(*)::integer as count, (array_agg(reason order by at))[1] as detail
       from dead_letters
      where resolved_at is null
      group by kind`,
  )

/** Events that were due longer ago than this. One that is asked for too often waits on purpose, and does not count. */
export const findOldEvents = (db: Queryable, seconds: number): Promise<readonly Found[]> =>
  find(
    db,
    `select '' as subject, count(*)::integer as count,
            round(extract(epoch from clock_timestamp() - min(due_at)))::text || ' s' as detail
       from (select case when tries = 0 then next_try_at else created_at end as due_at
               from outbox
              where sent_at is null) waiting
      where due_at < clock_timestamp() - $1 * interval '1 s'
     having count(*) > 0`,
    [seconds],
  )

export const findDamagedFiles = (db: Queryable): Promise<readonly Found[]> =>
  find(
    db,
    `select '' as subject, count(*)::integer as count, string_agg(distinct p.code, ', ') as detail
       from product_files f
       join products p on p.id = f.product_id
      where f.state = 'damaged'
        and f.purged_at is null
     having count(*) > 0`,
  )

export const findBrokenInvariants = (db: Queryable): Promise<readonly Found[]> =>
  find(
    db,
    `select '' as subject, count(*)::integer as count, string_agg(name, ', ' order by name) as detail
       from broken_invariants
      where cleared_at is null
     having count(*) > 0`,
  )

/** Sellers who could be paid and wait for longer than this, and payouts that were confirmed and never sent. */
export const findOverduePayouts = (
  db: Queryable,
  { hours, minimumCents }: { readonly hours: number; readonly minimumCents: bigint },
): Promise<readonly Found[]> =>
  find(
    db,
    `select '' as subject, count(*)::integer as count, string_agg(code, ', ' order by code) as detail
       from (select s.code
               from payout_items i
               join sellers s on s.user_id = i.seller_id
              where i.state = 'available'
                and s.solana_address is not null
                and s.payouts_frozen_at is null
                and coalesce(s.address_hold_until, '-infinity') <= clock_timestamp()
              group by s.user_id
             having sum(i.amount_cents) >= $2
                and min(i.hold_until) < clock_timestamp() - $1 * interval '1 hour'
              union
             select s.code
               from payouts p
               join sellers s on s.user_id = p.seller_id
              where p.state = 'confirmed'
                and p.updated_at < clock_timestamp() - $1 * interval '1 hour') due
     having count(*) > 0`,
    [hours, minimumCents],
  )

/** The newest backup failed, there is none younger than this, or the last one that was tried did not pass. */
export const findBackupTroubles = (db: Queryable, hours: number): Promise<readonly Found[]> =>
  find(
    db,
    `with latest as (select state, error from backups where state <> 'running' order by started_at desc limit 1),
          good as (select started_at from backups where state = 'good' order by started_at desc limit 1),
          tried as (select test_error from backups where tested_at is not null order by tested_at desc limit 1)
     select '' as subject, 1 as count,
            coalesce((select error from latest where state = 'failed'), 'older than ' || $1::integer || ' h') as detail
      where exists (select from latest where state = 'failed')
         or coalesce((select started_at from good), (select min(run_on)::timestamptz from schema_migrations))
            < clock_timestamp() - $1::integer * interval '1 hour'
      union all
     select 'restore test', 1, test_error
       from tried
      where test_error is not null`,
    [hours],
  )

async function find(db: Queryable, question: string, values: readonly unknown[] = []): Promise<readonly Found[]> {
  const { rows } = await db.query<Found>(question, values)
  return rows
}
