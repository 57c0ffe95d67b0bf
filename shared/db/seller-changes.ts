import { type Email } from '../domain/email.ts'
import { type PersonId, type SellerChangeId } from '../domain/ids.ts'
import { type SolanaAddress } from '../domain/solana-address.ts'
import { type Queryable } from './pool.ts'

/** What came of changing a setting: `old` is what it was before. */
export type Change =
  | { readonly kind: 'changed'; readonly id: SellerChangeId; readonly old: string | null }
  | { readonly kind: 'same' | 'not found' }

/** `wasConfirmed`: the address before was proved to be theirs. */
export type EmailChange = Change & { readonly wasConfirmed?: boolean }

/** `heldUntil`: until when nothing is paid to it; a first address is not held. */
export type AddressChange = Change & { readonly heldUntil?: Date }

const columns = { name: 'display_name', bio: 'bio', email: 'email', address: 'solana_address' } as const

type Field = keyof typeof columns

/** Changes one setting of an open account and writes down what it was: the log is what an argument is settled with. */
async function change(tx: Queryable, seller: PersonId, field: Field, value: string, besides = ''): Promise<Change> {
  const { rows } = await tx.query<{ old: string | null }>(
    `select ${columns[field]}::text as "old" from sellers where user_id = $1 and closed_at is null for update`,
    [seller],
  )
  const [before] = rows
  if (before === undefined) return { kind: 'not found' }
  if (before.old === value) return { kind: 'same' }
  await tx.query(`update sellers set ${columns[field]} = $2${besides} where user_id = $1`, [seller, value])
  return { kind: 'changed', id: await noteChange(tx, seller, { field, old: before.old, new: value }), old: before.old }
}

export async function noteChange(
  tx: Queryable,
  seller: PersonId,
  noted: { readonly field: string; readonly old: string | null; readonly new: string },
): Promise<SellerChangeId> {
  const { rows } = await tx.query<{ id: SellerChangeId }>(
    `insert into seller_changes (seller_id, field, old, new) values ($1, $2, $3, $4) returning id`,
    [seller, noted.field, noted.old, noted.new],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Error('Expected the change just written down, got none')
  return id
}

export const setShopName = (tx: Queryable, seller: PersonId, name: string): Promise<Change> =>
  change(tx, seller, 'name', name)

export const setBio = (tx: Queryable, seller: PersonId, bio: string): Promise<Change> => change(tx, seller, 'bio', bio)

/** The new address is as confirmed as it is said to be, whatever the old one was. Ask `lockEmail` first. */
export async function setEmail(
  tx: Queryable,
  seller: PersonId,
  email: Email,
  isConfirmed: boolean,
): Promise<EmailChange> {
  const { rows } = await tx.query<{ wasConfirmed: boolean }>(
    `select email_verified_at is not null as "wasConfirmed" from sellers where user_id = $1 for update`,
    [seller],
  )
  const verifiedAt = isConfirmed ? 'clock_timestamp()' : 'null'
  const changed = await change(tx, seller, 'email', email, `, email_verified_at = ${verifiedAt}`)
  if (changed.kind === 'same' && isConfirmed) await markEmailVerified(tx, seller, email)
  return { ...changed, wasConfirmed: rows[0]?.wasConfirmed === true }
}

/** The seller proved that this address is theirs; false when it is not theirs any more, or was verified before. */
export async function markEmailVerified(tx: Queryable, seller: PersonId, email: Email): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update sellers
        set email_verified_at = clock_timestamp()
      where user_id = $1
        and email = $2
        and email_verified_at is null`,
    [seller, email],
  )
  return rowCount === 1
}

/** Payouts wait after every change of address, so that there is time to say "this was not me"; a first one is paid at once. */
export async function setAddress(
  tx: Queryable,
  seller: PersonId,
  address: SolanaAddress,
  holdHours: number,
): Promise<AddressChange> {
  const changed = await change(tx, seller, 'address', address)
  if (changed.kind !== 'changed' || changed.old === null) return changed
  const { rows } = await tx.query<{ heldUntil: Date }>(
    `update sellers
        set address_hold_until = clock_timestamp() + $2 * interval '1 hour'
      where user_id = $1
  returning address_hold_until as "heldUntil"`,
    [seller, holdHours],
  )
  const heldUntil = rows[0]?.heldUntil
  return heldUntil === undefined ? changed : { ...changed, heldUntil }
}

/** True when no other seller has this e-mail address; until this transaction ends nobody else takes it. */
export async function lockEmail(tx: Queryable, seller: PersonId, email: Email): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1::citext::text, 61))`, [email])
  const { rowCount } = await tx.query(`select from sellers where email = $1 and user_id <> $2`, [email, seller])
  return rowCount === 0
}

/** Hides everything of this shop, or shows it again; false when nothing changed. */
export async function setPaused(tx: Queryable, seller: PersonId, isPaused: boolean): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update sellers
        set paused_at = case when $2 then clock_timestamp() end
      where user_id = $1
        and closed_at is null
        and (paused_at is not null) <> $2`,
    [seller, isPaused],
  )
  if (rowCount === 0) return false
  await noteChange(tx, seller, { field: 'paused', old: String(!isPaused), new: String(isPaused) })
  return true
}

/** Switches one kind of notice on or off; false when nothing changed. */
export async function setNotice(tx: Queryable, seller: PersonId, what: string, isOn: boolean): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update sellers
        set notify = notify || jsonb_build_object($2::text, $3::boolean)
      where user_id = $1
        and closed_at is null
        and coalesce(notify -> $2, 'true'::jsonb) <> to_jsonb($3::boolean)`,
    [seller, what, isOn],
  )
  if (rowCount === 0) return false
  await noteChange(tx, seller, { field: `notice: ${what}`, old: String(!isOn), new: String(isOn) })
  return true
}

/** The account is over; the row stays for its orders, its money and its code. False when it was over before. */
export async function markAccountClosed(tx: Queryable, seller: PersonId): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update sellers
        set closed_at = clock_timestamp(), paused_at = null
      where user_id = $1
        and closed_at is null`,
    [seller],
  )
  if (rowCount === 0) return false
  await noteChange(tx, seller, { field: 'account', old: 'open', new: 'closed' })
  return true
}
