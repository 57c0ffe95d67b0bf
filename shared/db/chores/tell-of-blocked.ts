import { type DeliveryId } from '../../domain/ids.ts'
import { type PublicCode } from '../../domain/public-code.ts'
import { type Queryable } from '../pool.ts'

export type BlockedDelivery = { readonly id: DeliveryId; readonly orderCode: PublicCode; readonly title: string }

const blocked = `
  select d.id, o.code as "orderCode", o.title
    from deliveries d
    join orders o on o.id = d.order_id
   where d.state = 'blocked'
     and d.blocked_told_at is null
     and not exists (select from delivery_attempts a
                      where a.delivery_id = d.id and a.at > clock_timestamp() - interval '24 hours')
   order by d.updated_at
   limit $1`

/** Files that wait for a day already for a buyer who blocked the bot, and of which nobody was told. */
export async function listBlockedDeliveries(db: Queryable, limit: number): Promise<BlockedDelivery[]> {
  const { rows } = await db.query<BlockedDelivery>(blocked, [limit])
  return rows
}

/** Notes that they are told; the caller tells in the same transaction. */
export async function takeBlockedDeliveries(tx: Queryable, limit: number): Promise<BlockedDelivery[]> {
  const { rows } = await tx.query<BlockedDelivery>(
    `with blocked as (${blocked} for update of d skip locked)
     update deliveries d
        set blocked_told_at = clock_timestamp()
       from blocked
      where d.id = blocked.id
  returning blocked.id, blocked."orderCode", blocked.title`,
    [limit],
  )
  return rows
}
