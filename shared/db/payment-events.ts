import { type PaymentId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

export type KeptNotification = {
  readonly raw: string
  readonly bodySha256: string
  readonly signatureForm: string
  readonly providerId: string | null
  readonly status: string | null
  readonly actuallyPaid: string | null
}

/**
 * Keeps notifications as they were posted, in one commit; answers the ids of those that are new, by the hash of their bytes.
 * A step on the way may wait a second: what moves quickly is then asked about once, when it has arrived.
 */
export async function insertNotifications(
  db: Queryable,
  kept: readonly KeptNotification[],
): Promise<Map<string, string>> {
  const column = (name: keyof KeptNotification): (string | null)[] => kept.map((one) => one[name])
  // in the order of their hashes: two that keep the same ones at once wait for each other, and never both
  const { rows } = await db.query<{ id: string; bodySha256: string }>(
    `insert into payment_events (source, raw, body_sha256, signature_form, provider_id, status, actually_paid, next_try_at)
     select 'ipn', raw, body_sha256, signature_form, provider_id, status, actually_paid,
            clock_timestamp() + case when status in ('confirming', 'confirmed', 'sending') then interval '1 second'
                                     else interval '0' end
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
         as posted (raw, body_sha256, signature_form, provider_id, status, actually_paid)
      order by body_sha256
         on conflict (body_sha256) where source = 'ipn' do nothing
  returning id, body_sha256 as "bodySha256"`,
    [
      column('raw'),
      column('bodySha256'),
      column('signatureForm'),
      column('providerId'),
      column('status'),
      column('actuallyPaid'),
    ],
  )
  return new Map(rows.map(({ id, bodySha256 }) => [bodySha256, id]))
}

export type WaitingNotification = {
  readonly id: string
  readonly providerId: string | null
  readonly status: string | null
  readonly raw: string
  readonly tries: number
}

/**
 * Takes notifications nobody has acted upon, with all that came about the same payments, and puts each off by 5, 15, 60 s in
 * case this try dies.
 */
export async function claimNotifications(db: Queryable, limit: number): Promise<WaitingNotification[]> {
  const { rows } = await db.query<WaitingNotification>(
    `with waiting as (
       select id, provider_id
         from payment_events
        where source = 'ipn'
          and handled_at is null
          and next_try_at <= clock_timestamp()
        order by received_at
        limit $1
          for update skip locked
     ), companions as (
       select id
         from payment_events
        where source = 'ipn'
          and handled_at is null
          and tries = 0
          and provider_id in (select provider_id from waiting)
          for update skip locked
     )
     update payment_events e
        set tries = e.tries + 1,
            next_try_at = clock_timestamp() + case when e.tries = 0 then interval '5 seconds'
                                                   when e.tries = 1 then interval '15 seconds'
                                                   when e.tries < 60 then interval '60 seconds'
                                                   else interval '1 hour' end
      where e.id in (select id from waiting union select id from companions)
  returning e.id, e.provider_id as "providerId", e.status, e.raw, e.tries`,
    [limit],
  )
  return rows
}

/** Keeps notifications for so many more seconds to whoever took them last; false once they are over or in other hands. */
export async function holdNotifications(
  db: Queryable,
  held: readonly Pick<WaitingNotification, 'id' | 'tries'>[],
  seconds: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update payment_events e
        set next_try_at = greatest(e.next_try_at, clock_timestamp() + $3 * interval '1 second')
       from unnest($1::uuid[], $2::integer[]) as held (id, tries)
      where e.id = held.id
        and e.tries = held.tries
        and e.handled_at is null`,
    [held.map(({ id }) => id), held.map(({ tries }) => tries), seconds],
  )
  return rowCount > 0
}

export async function markNotificationsHandled(
  db: Queryable,
  ids: readonly string[],
  result: string,
  paymentId: PaymentId | null,
): Promise<void> {
  await db.query(
    `update payment_events
        set handled_at = clock_timestamp(), result = $2, payment_id = $3
      where id = any($1::uuid[])
        and handled_at is null`,
    [ids, result, paymentId],
  )
}

export type ReadEvent = {
  readonly paymentId: PaymentId
  readonly providerId: string
  readonly status: string
  readonly actuallyPaid: string
  readonly raw: string
  readonly result: string
}

/** Keeps what a re-read said, and what was decided on it, for the order's timeline; once, however often it is read. */
export async function insertReadEvent(tx: Queryable, event: ReadEvent): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into payment_events (payment_id, source, provider_id, status, actually_paid, raw, result, handled_at)
     select $1, 'poll', $2, $3, $4, $5, $6, clock_timestamp()
      where not exists (select from payment_events
                         where payment_id = $1 and source = 'poll' and status = $3 and actually_paid = $4
                           and result = $6)`,
    [event.paymentId, event.providerId, event.status, event.actuallyPaid, event.raw, event.result],
  )
  return rowCount === 1
}
