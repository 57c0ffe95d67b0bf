import { type PersonId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** Why a seller is not paid what is theirs. */
export type PayoutObstacle = 'frozen' | 'suspended' | 'no address' | 'address on hold' | 'too little'

/** What one seller is owed, and what stands in the way of paying it. */
export type DueSeller = {
  readonly sellerId: PersonId
  readonly shopName: string
  readonly address: string | null
  readonly cents: bigint
  readonly items: number
  /** Since when the oldest share of it is available. */
  readonly since: Date
  readonly obstacle: PayoutObstacle | null
}

/** Available, and not about to go back to its buyer. */
export const isPayableItem = `
  i.state = 'available'
  and not exists (select from refunds r where r.order_id = i.order_id and r.kind = 'order' and r.state = 'asked')`

/** What keeps a seller from being paid, whatever the amount; null for nothing. */
export const obstacleOf = `
  case when s.payouts_frozen_at is not null then 'frozen'
       when u.status <> 'active' then 'suspended'
       when s.solana_address is null then 'no address'
       when s.address_hold_until > clock_timestamp() then 'address on hold' end`

/** Every seller with something available, what is payable first, then the longest due. */
const dueSellers = `
  select s.user_id as "sellerId", s.display_name as "shopName", s.solana_address as "address",
         sum(i.amount_cents)::bigint as "cents", count(*)::integer as "items", min(i.updated_at) as "since",
         coalesce(${obstacleOf}, case when sum(i.amount_cents) < $1::bigint then 'too little' end) as "obstacle"
    from payout_items i
    join sellers s on s.user_id = i.seller_id
    join users u on u.id = i.seller_id
   where ${isPayableItem}
   group by s.user_id, u.id
  having sum(i.amount_cents) <> 0`

export async function listDueSellers(db: Queryable, leastCents: bigint): Promise<DueSeller[]> {
  const { rows } = await db.query<DueSeller>(
    `select * from (${dueSellers}) due order by "obstacle" is not null, "since", "sellerId"`,
    [leastCents],
  )
  return rows
}

/** Sellers who could be paid and were not for two days; administrators are alerted about them. */
export async function countOverduePayouts(db: Queryable, leastCents: bigint): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as "count"
       from (${dueSellers}) due
      where "obstacle" is null
        and "since" < clock_timestamp() - interval '48 hours'`,
    [leastCents],
  )
  return rows[0]?.count ?? 0
}
