import { type EmailId, type PersonId } from '../domain/ids.ts'
import { type Mail } from '../domain/mail.ts'
import { type Queryable } from './pool.ts'
import { storableJson, storableText } from './storable.ts'
import { type Language } from './users.ts'

/** An address, and whether its person proved that it is theirs. */
export type Mailbox = { readonly address: string; readonly isConfirmed: boolean }

export type NewEmail = Mailbox & {
  /** Whose language it is written in; null for an address of the operator. */
  readonly person: PersonId | null
  /** What it is about: with the template and the address, it is sent once. */
  readonly subject: string
  readonly mail: Mail
  /** From then on it is worth nothing. */
  readonly expiresAt?: Date
}

/** Undefined when the same was queued before. */
export async function insertEmail(tx: Queryable, email: NewEmail): Promise<EmailId | undefined> {
  const { template, ...facts } = email.mail
  const { rows } = await tx.query<{ id: EmailId }>(
    `insert into emails (template, subject, recipient, person_id, confirmed, data, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (template, subject, recipient) do nothing
  returning id`,
    [
      template,
      storableText(email.subject),
      email.address,
      email.person,
      email.isConfirmed,
      storableJson(facts),
      email.expiresAt ?? null,
    ],
  )
  return rows[0]?.id
}

/** Where a seller is written to; undefined when they gave no address. */
export async function findSellerMailbox(db: Queryable, seller: PersonId): Promise<Mailbox | undefined> {
  const { rows } = await db.query<Mailbox>(
    `select email as "address", email_verified_at is not null as "isConfirmed"
       from sellers
      where user_id = $1
        and email is not null`,
    [seller],
  )
  return rows[0]
}

/** Where a buyer's receipts go; they proved that the address is theirs when they gave it. */
export async function findBuyerMailbox(db: Queryable, buyer: PersonId): Promise<Mailbox | undefined> {
  const { rows } = await db.query<Mailbox>(
    `select receipt_email as "address", true as "isConfirmed" from users where id = $1 and receipt_email is not null`,
    [buyer],
  )
  return rows[0]
}

/** A mail taken by one sender. `tries`, this one included, is the fencing token. */
export type HeldEmail = {
  readonly id: EmailId
  readonly to: string
  readonly person: PersonId | null
  readonly language: Language | null
  readonly subject: string
  readonly mail: Mail
  readonly isConfirmed: boolean
  readonly isLate: boolean
  readonly tries: number
}

/** Takes a mail that is due for `leaseMs`, unless it is over or somebody else holds it. */
export async function claimEmail(db: Queryable, id: EmailId, leaseMs: number): Promise<HeldEmail | undefined> {
  const { rows } = await db.query<HeldEmail>(
    `update emails
        set state = 'sending', tries = tries + 1, lease_until = clock_timestamp() + $2 * interval '1 ms'
      where id = $1
        and state in ('queued', 'sending')
        and next_try_at <= clock_timestamp()
        and lease_until < clock_timestamp()
  returning id, recipient as "to", person_id as "person", subject, confirmed as "isConfirmed", tries,
            (select u.language from users u where u.id = person_id) as "language",
            data || jsonb_build_object('template', template) as "mail",
            coalesce(expires_at <= clock_timestamp(), false) as "isLate"`,
    [id, leaseMs],
  )
  return rows[0]
}

const held = `id = $1 and state = 'sending' and tries = $2`

/** The server took it. */
export async function markEmailSent(db: Queryable, { id, tries }: HeldEmail): Promise<void> {
  await db.query(`update emails set state = 'sent', sent_at = clock_timestamp(), reason = null where ${held}`, [
    id,
    tries,
  ])
}

/** It goes nowhere, and that is nobody's failure. False when somebody else took it meanwhile. */
export async function markEmailSkipped(db: Queryable, { id, tries }: HeldEmail, reason: string): Promise<boolean> {
  const { rowCount } = await db.query(`update emails set state = 'skipped', reason = $3 where ${held}`, [
    id,
    tries,
    reason,
  ])
  return rowCount === 1
}

/** It is tried again after `pauseMs`; false when it would be worth nothing by then. */
export async function postponeEmail(
  db: Queryable,
  { id, tries }: HeldEmail,
  reason: string,
  pauseMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update emails
        set state = 'queued', reason = $3, lease_until = '-infinity',
            next_try_at = clock_timestamp() + $4 * interval '1 ms'
      where ${held}
        and (expires_at is null or expires_at > clock_timestamp() + $4 * interval '1 ms')`,
    [id, tries, storableText(reason), pauseMs],
  )
  return rowCount === 1
}

/** False when somebody else took it meanwhile. */
export async function markEmailFailed(tx: Queryable, { id, tries }: HeldEmail, reason: string): Promise<boolean> {
  const { rowCount } = await tx.query(`update emails set state = 'failed', reason = $3 where ${held}`, [
    id,
    tries,
    storableText(reason),
  ])
  return rowCount === 1
}

/** A mail that was given up is tried from the start; false when it is not given up any more. */
export async function requeueEmail(tx: Queryable, id: EmailId): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update emails
        set state = 'queued', tries = 0, next_try_at = clock_timestamp(), lease_until = '-infinity',
            rung_at = clock_timestamp()
      where id = $1
        and state = 'failed'`,
    [id],
  )
  return rowCount === 1
}

const forgotten = `
  select id
    from emails
   where state in ('queued', 'sending')
     and next_try_at <= clock_timestamp()
     and lease_until < clock_timestamp()
     and rung_at < greatest(next_try_at, lease_until, clock_timestamp() - interval '5 minutes')
   order by next_try_at
   limit $1`

/** Mails whose next try is due, whose sender died, or whose bell was lost. */
export async function listForgottenEmails(db: Queryable, limit: number): Promise<EmailId[]> {
  const { rows } = await db.query<{ id: EmailId }>(forgotten, [limit])
  return rows.map(({ id }) => id)
}

/** Marks them as rung for; the caller asks for them in the same transaction. */
export async function takeForgottenEmails(tx: Queryable, limit: number): Promise<EmailId[]> {
  const { rows } = await tx.query<{ id: EmailId }>(
    `update emails
        set rung_at = clock_timestamp()
      where id in (${forgotten} for update skip locked)
  returning id`,
    [limit],
  )
  return rows.map(({ id }) => id)
}
