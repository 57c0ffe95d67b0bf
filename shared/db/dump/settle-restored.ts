import { type Queryable } from '../pool.ts'

export type Settled = { readonly reread: number; readonly notices: number; readonly updates: number }

/**
 * A restored database believes it is the moment of its backup. What was under way then has long been done: people were told,
 * presses were answered, events were sent. None of that is done again; money that came since is asked for at once.
 */
export async function settleRestored(tx: Queryable): Promise<Settled> {
  const reread = await hastenPayments(tx)
  await giveTimeToRead(tx)
  const notices = await endNotices(tx)
  const updates = await endUpdates(tx)
  await renewEvents(tx)
  await forgetTheMoment(tx)
  await holdPayouts(tx)
  return { reread, notices, updates }
}

/** Every payment of which more may have become known, those that nobody watched any more included. */
async function hastenPayments(tx: Queryable): Promise<number> {
  const { rowCount } = await tx.query(
    `update payments
        set next_poll_at = clock_timestamp(), poll_tries = 0
      where provider_id is not null
        and accepted_at is null
        and (next_poll_at is not null
          or created_at > (select max(taken_at) from restores) - interval '7 days 6 hours')`,
  )
  return rowCount
}

/** What was paid in time must not expire before it was read. */
async function giveTimeToRead(tx: Queryable): Promise<void> {
  await tx.query(
    `update orders
        set expires_at = greatest(expires_at, clock_timestamp() + interval '15 minutes')
      where status = 'awaiting_payment'`,
  )
}

/** Told after the backup, most likely; and a notice missed does less harm than all of them twice. */
async function endNotices(tx: Queryable): Promise<number> {
  const { rowCount } = await tx.query(
    `update notices set state = 'told', told_at = clock_timestamp() where state = 'queued'`,
  )
  await tx.query(
    `update emails set state = 'skipped', reason = 'older than the restore' where state in ('queued', 'sending')`,
  )
  await tx.query(`delete from version_announcements`)
  await tx.query(`delete from admin_alerts`)
  return rowCount
}

/** A press of that day, answered then, must not buy anything today. */
async function endUpdates(tx: Queryable): Promise<number> {
  const { rowCount } = await tx.query(
    `update telegram_updates
        set handled_at = clock_timestamp(), lease_until = '-infinity', holder = null, error = 'older than the restore'
      where handled_at is null`,
  )
  return rowCount
}

/**
 * Bells may ring again, for handlers bear it; the broker may remember their ids and drop them, so they get new ones. Only
 * what says something to people stays silent.
 */
async function renewEvents(tx: Queryable): Promise<void> {
  await tx.query(
    `update outbox
        set sent_at = clock_timestamp()
      where sent_at is null
        and subject in ('admin.alert', 'notice.queued', 'mail.send')`,
  )
  await tx.query(
    `update outbox set id = gen_random_uuid(), next_try_at = clock_timestamp(), tries = 0 where sent_at is null`,
  )
}

/** Who was heard when, who pressed how often, how long Telegram wanted quiet: true of that moment alone. */
async function forgetTheMoment(tx: Queryable): Promise<void> {
  await tx.query(`delete from service_heartbeats`)
  await tx.query(`delete from rate_buckets`)
  await tx.query(`delete from telegram_pauses`)
  await tx.query(`delete from tellings`)
}

/** What sellers and buyers were sent since is not known here: an administrator compares with the wallet before more is sent. */
async function holdPayouts(tx: Queryable): Promise<void> {
  await tx.query(
    `insert into broken_invariants as b (name, count, refs, told_version)
     select 'restored-is-compared', 1, array_agg(backup), 1
       from restores
      where finished_at is null
     having count(*) > 0
         on conflict (name) where cleared_at is null
         do update
               set refs = excluded.refs,
                   version = b.version + 1,
                   told_version = b.version + 1,
                   last_seen_at = clock_timestamp(),
                   acknowledged_at = null,
                   acknowledged_by = null`,
  )
}
