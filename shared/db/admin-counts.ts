import { type OrderId } from '../domain/ids.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** What waits for a person, besides dead letters. */
export type AdminCounts = {
  readonly inReview: number
  readonly openCases: number
  readonly openRefunds: number
  readonly blocked: number
  /** Sellers who said that a change of their account was not theirs. */
  readonly frozen: number
  /** What people said against measures of moderation, and nobody has answered. */
  readonly appeals: number
}

export async function countForAdmins(db: Queryable): Promise<AdminCounts> {
  const { rows } = await db.query<AdminCounts>(
    `select (select count(*)::integer from orders where status = 'review') as "inReview",
            (select count(*)::integer from cases where state = 'open') as "openCases",
            (select count(*)::integer from refunds where state = 'asked') as "openRefunds",
            (select count(*)::integer from deliveries where state = 'blocked') as "blocked",
            (select count(*)::integer from sellers where payouts_frozen_at is not null) as "frozen",
            (select count(*)::integer from appeals where state = 'open') as "appeals"`,
  )
  return rows[0] ?? { inReview: 0, openCases: 0, openRefunds: 0, blocked: 0, frozen: 0, appeals: 0 }
}

export type NamedOrder = { readonly id: OrderId; readonly code: PublicCode }

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The order that a dead letter is about, by the id of the order or of one of its deliveries. */
export async function findOrderAbout(db: Queryable, ref: string): Promise<NamedOrder | undefined> {
  if (!uuid.test(ref)) return undefined
  const { rows } = await db.query<NamedOrder>(
    `select id, code
       from orders
      where id = $1
         or id = (select order_id from deliveries where id = $1)`,
    [ref],
  )
  return rows[0]
}
