import { type Email } from '../domain/email.ts'
import { type PersonId } from '../domain/ids.ts'
import { firstShopName } from '../domain/shop-profile.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type SolanaAddress } from '../domain/solana-address.ts'
import { type Queryable } from './pool.ts'
import { type AddressChange, type EmailChange, lockEmail, noteChange, setAddress, setEmail } from './seller-changes.ts'

/** What a seller may have the shop not tell them. Money and moderation are always told. */
export const sellerNotices = ['sales', 'published'] as const

export type SellerNotice = (typeof sellerNotices)[number]

/** A seller's account as they see it themselves. */
export type SellerAccount = {
  readonly code: PublicCode
  readonly name: string
  readonly bio: string
  readonly email: string | null
  readonly isEmailVerified: boolean
  readonly address: string | null
  /** Until when a changed address is not paid to; null when it may be. */
  readonly heldUntil: Date | null
  readonly isFrozen: boolean
  readonly isPaused: boolean
  readonly isClosed: boolean
  /** Switched off by the seller. */
  readonly silent: readonly string[]
  readonly quotaBytes: bigint
  /** What counts against the quota, with what is on its way. */
  readonly takenBytes: bigint
}

export async function findSellerAccount(db: Queryable, person: PersonId): Promise<SellerAccount | undefined> {
  const { rows } = await db.query<SellerAccount>(
    `select code, display_name as "name", bio, email, email_verified_at is not null as "isEmailVerified",
            solana_address as "address",
            case when address_hold_until > clock_timestamp() then address_hold_until end as "heldUntil",
            payouts_frozen_at is not null as "isFrozen", paused_at is not null as "isPaused",
            closed_at is not null as "isClosed",
            array(select key from jsonb_each(notify) where value = 'false'::jsonb) as "silent",
            quota_bytes as "quotaBytes", used_bytes + reserved_bytes as "takenBytes"
       from sellers
      where user_id = $1`,
    [person],
  )
  return rows[0]
}

/** Why somebody may not sell, if they may not. */
export type Suspension = { readonly until: Date | null; readonly reason: string | null }

export async function findSuspension(db: Queryable, person: PersonId): Promise<Suspension | undefined> {
  const { rows } = await db.query<Suspension>(
    `select suspended_until as "until", suspension_reason as "reason"
       from users
      where id = $1
        and status <> 'active'`,
    [person],
  )
  return rows[0]
}

export type NewAccount = {
  readonly person: PersonId
  /** Only used when it is the first account of this person. */
  readonly code: PublicCode
  readonly email: Email
  /** A code was sent there and came back. */
  readonly isEmailConfirmed: boolean
  readonly address: SolanaAddress | null
  readonly quotaBytes: bigint
  readonly termsVersion: string
  readonly holdHours: number
}

/** `changes`: what differs from the account that was closed before. */
export type Opening =
  | { readonly kind: 'opened'; readonly changes: { readonly email?: EmailChange; readonly address?: AddressChange } }
  | { readonly kind: 'open already' | 'email taken' | 'suspended' }

/** Opens the account of a person, or the one they closed again; however often it is asked, there is one. */
export async function openSellerAccount(tx: Queryable, account: NewAccount): Promise<Opening> {
  const { person, email } = account
  const names = await acceptTerms(tx, account)
  if (names === undefined) return { kind: 'suspended' }
  if (!(await lockEmail(tx, person, email))) return { kind: 'email taken' }
  const { rows } = await tx.query<{ isNew: boolean }>(
    `insert into sellers (user_id, code, display_name, email, email_verified_at, solana_address, quota_bytes)
     values ($1, $2, $3, $4, case when $7 then clock_timestamp() end, $5, $6)
         on conflict (user_id) do update
        set closed_at = null, paused_at = null
      where sellers.closed_at is not null
  returning xmax = 0 as "isNew"`,
    [
      person,
      account.code,
      nameOf(names, account),
      email,
      account.address,
      account.quotaBytes,
      account.isEmailConfirmed,
    ],
  )
  const [opened] = rows
  if (opened === undefined) return { kind: 'open already' }
  await noteChange(tx, person, { field: 'account', old: opened.isNew ? null : 'closed', new: 'open' })
  return { kind: 'opened', changes: opened.isNew ? {} : await takeUp(tx, account) }
}

/** A shop that opens again takes the answers of today; an address that changed is held like any other change. */
async function takeUp(
  tx: Queryable,
  { person, email, isEmailConfirmed, address, holdHours }: NewAccount,
): Promise<{ email: EmailChange; address?: AddressChange }> {
  const changed = await setEmail(tx, person, email, isEmailConfirmed)
  return address === null
    ? { email: changed }
    : { email: changed, address: await setAddress(tx, person, address, holdHours) }
}

type Names = { readonly firstName: string; readonly username: string | null }

const nameOf = ({ firstName, username }: Names, { code }: NewAccount): string =>
  firstShopName(firstName, username, code)

/** Undefined when this person may not sell. */
async function acceptTerms(tx: Queryable, { person, termsVersion }: NewAccount): Promise<Names | undefined> {
  const { rows } = await tx.query<Names>(
    `update users
        set terms_version = $2, terms_at = clock_timestamp()
      where id = $1
        and status = 'active'
  returning first_name as "firstName", username`,
    [person, termsVersion],
  )
  return rows[0]
}
