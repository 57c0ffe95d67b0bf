import { type PersonId } from '../domain/ids.ts'
import { type Database, inTransaction, type Queryable } from './pool.ts'
import { thisProcess } from './presence.ts'

/** One update as Telegram sent it. `personId` names the lane; updates nobody sent have none. */
export type KeptUpdate = { readonly updateId: bigint; readonly personId: PersonId | null; readonly payload: string }

/** Waiting updates are announced here; it is only a hint. */
export const updatesChannel = 'telegram_updates'

/** Keeps updates before they are handled, in this order; one that is known already changes nothing. Returns the new ones. */
export async function insertUpdates(db: Queryable, botId: bigint, updates: readonly KeptUpdate[]): Promise<number> {
  if (updates.length === 0) return 0
  const { rows } = await db.query<{ kept: number }>(
    `with kept as (
            insert into telegram_updates (bot_id, update_id, user_id, payload)
            select $1, update_id, user_id, payload::jsonb
              from unnest($2::bigint[], $3::bigint[], $4::text[]) with ordinality
                as given (update_id, user_id, payload, place)
             order by place
                on conflict do nothing
         returning 1),
          counted as (select count(*)::integer as kept from kept),
          told as (select pg_notify($5, '') from counted where kept > 0)
   select kept, (select count(*) from told) from counted`,
    [
      botId,
      updates.map(({ updateId }) => updateId),
      updates.map(({ personId }) => personId),
      updates.map(({ payload }) => payload),
      updatesChannel,
    ],
  )
  return rows[0]?.kept ?? 0
}

/** An update in the hands of one worker. `holder` is the fencing token. */
export type HeldUpdate = {
  readonly botId: bigint
  readonly updateId: bigint
  readonly personId: PersonId | null
  readonly holder: string
  readonly tries: number
  readonly payload: unknown
}

/**
 * Takes up to `limit` updates for `leaseMs`: of each person only the oldest that waits, and only while nobody holds
 * another one of theirs. Claims take turns, because two at once could each miss what the other just took.
 */
export async function claimUpdates(
  db: Database,
  botId: bigint,
  limit: number,
  leaseMs: number,
): Promise<readonly HeldUpdate[]> {
  return inTransaction(db, async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('telegram_updates', $1))`, [botId])
    const { rows } = await tx.query<HeldUpdate>(
      `update telegram_updates
          set holder = gen_random_uuid(),
              tries = tries + 1,
              lease_until = clock_timestamp() + $3 * interval '1 ms',
              held_by = $4
        where (bot_id, update_id) in (
                select u.bot_id, u.update_id
                  from telegram_updates u
                 where u.bot_id = $1
                   and u.handled_at is null
                   and u.next_try_at <= clock_timestamp()
                   and u.lease_until < clock_timestamp()
                   and not exists (select
                                     from telegram_updates o
                                    where o.bot_id = u.bot_id
                                      and o.user_id = u.user_id
                                      and o.handled_at is null
                                      and (o.lease_until > clock_timestamp()
                                           or (o.received_at, o.update_id) < (u.received_at, u.update_id)))
                 order by u.received_at, u.update_id
                 limit $2)
    returning bot_id as "botId", update_id as "updateId", user_id as "personId", holder, tries, payload`,
      [botId, limit, leaseMs, thisProcess],
    )
    return rows
  })
}

/** Keeps the update for another `leaseMs`; false when somebody else took it meanwhile. */
export async function renewUpdate(db: Queryable, held: HeldUpdate, leaseMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update telegram_updates
        set lease_until = clock_timestamp() + $4 * interval '1 ms'
      where bot_id = $1
        and update_id = $2
        and holder = $3`,
    [held.botId, held.updateId, held.holder, leaseMs],
  )
  return rowCount === 1
}

/** The update needs nothing more; false when somebody else holds it meanwhile. `error` is why it was given up. */
export async function markUpdateHandled(db: Queryable, held: HeldUpdate, error: string | null): Promise<boolean> {
  const { rowCount } = await db.query(
    `update telegram_updates
        set handled_at = clock_timestamp(),
            lease_until = '-infinity',
            holder = null,
            error = $4
      where bot_id = $1
        and update_id = $2
        and holder = $3`,
    [held.botId, held.updateId, held.holder, error],
  )
  return rowCount === 1
}

/** Gives the update back, to be taken again after `pauseMs`. Until then the rest of its lane waits too. */
export async function releaseUpdate(
  db: Queryable,
  held: HeldUpdate,
  { pauseMs, error }: { readonly pauseMs: number; readonly error: string | null },
): Promise<void> {
  await db.query(
    `update telegram_updates
        set next_try_at = clock_timestamp() + $4 * interval '1 ms',
            lease_until = '-infinity',
            holder = null,
            error = coalesce($5, error)
      where bot_id = $1
        and update_id = $2
        and holder = $3`,
    [held.botId, held.updateId, held.holder, pauseMs, error],
  )
}

/**
 * An update that was given up is handled once more, in the lane of its person; false when it waits already, or was handled
 * after all. Kept anew when its row is gone by now.
 */
export async function reopenUpdate(tx: Queryable, botId: bigint, update: KeptUpdate): Promise<boolean> {
  if ((await insertUpdates(tx, botId, [update])) === 1) return true
  const { rowCount } = await tx.query(
    `update telegram_updates
        set handled_at = null, tries = 0, next_try_at = clock_timestamp(), error = null
      where bot_id = $1
        and update_id = $2
        and handled_at is not null
        and error is not null`,
    [botId, update.updateId],
  )
  if (rowCount === 1) await tx.query(`select pg_notify($1, '')`, [updatesChannel])
  return rowCount === 1
}
