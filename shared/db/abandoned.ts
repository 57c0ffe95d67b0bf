import { type DeliveryId, type OrderId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'
import { updatesChannel } from './telegram-updates.ts'

export type Abandoned = { readonly deliveries: readonly DeliveryId[]; readonly orders: readonly OrderId[] }

/**
 * Frees what dead processes held: deliveries, order messages, updates. After a start of PostgreSQL the living are given a
 * longer moment to show themselves again. The caller asks for what was freed in the same transaction.
 */
export async function freeAbandoned(tx: Queryable): Promise<Abandoned> {
  const gone = await deleteGone(tx)
  if (gone.length === 0) return { deliveries: [], orders: [] }
  const deliveries = await tx.query<{ id: DeliveryId }>(
    `update deliveries set lease_until = '-infinity'
      where held_by = any($1) and state = 'sending' and lease_until > clock_timestamp()
  returning id`,
    [gone],
  )
  const orders = await tx.query<{ id: OrderId }>(
    `update orders set message_lease_until = '-infinity'
      where message_held_by = any($1) and message_lease_until > '-infinity' and message_lease_until > clock_timestamp()
  returning id`,
    [gone],
  )
  const updates = await tx.query(
    `update telegram_updates set lease_until = '-infinity'
      where held_by = any($1) and handled_at is null and lease_until > clock_timestamp()`,
    [gone],
  )
  if (updates.rowCount > 0) await tx.query(`select pg_notify($1, '')`, [updatesChannel])
  return { deliveries: deliveries.rows.map(({ id }) => id), orders: orders.rows.map(({ id }) => id) }
}

// Longer than a process that lives takes to show itself again when its connection was cut.
const missingForSeconds = 3

/** Gone is who is missing at two looks; an advisory lock of one 64-bit key shows as its two halves. */
async function deleteGone(tx: Queryable): Promise<string[]> {
  await tx.query(
    `with seen as (
       select p.id,
              pg_postmaster_start_time() > clock_timestamp() - interval '10 seconds'
              or exists (select from pg_locks l
                          where l.locktype = 'advisory'
                            and l.objsubid = 1
                            and l.granted
                            and l.database = (select oid from pg_database where datname = current_database())
                            and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('process ' || p.id, 0))
                as is_here
         from processes p)
     update processes p
        set missing_since = case when seen.is_here then null else clock_timestamp() end
       from seen
      where seen.id = p.id
        and (p.missing_since is null) <> seen.is_here`,
  )
  const { rows } = await tx.query<{ id: string }>(
    `delete from processes where missing_since < clock_timestamp() - $1 * interval '1 second' returning id`,
    [missingForSeconds],
  )
  return rows.map(({ id }) => id)
}
