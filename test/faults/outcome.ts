import assert from 'node:assert/strict'
import { countUnsent } from '../../shared/db/outbox.ts'
import { until } from '../../sandbox/infra/until.ts'
import { type World } from '../../sandbox/world.ts'
import { orderStatus, type Shopper, soldFile } from '../shopper.ts'

/** The file came, once, byte for byte; the order says so, and it was booked once. */
export async function assertDeliveredOnce(
  world: World,
  buyer: Shopper,
  { orderCode, productCode, withinMs }: { orderCode: string; productCode: string; withinMs: number },
): Promise<void> {
  const file = await buyer.seesFile(withinMs)
  const sold = await soldFile(world, productCode)
  assert.equal(await buyer.sha256Of(file), sold.sha256)
  await until(async () => ((await orderStatus(world, orderCode)) === 'delivered' ? true : undefined), withinMs)
  assert.equal(buyer.files().length, 1)
  assert.deepEqual(await bookedFor(world, orderCode), { sales: 1, entitlements: 1, deliveries: 1 })
}

/** Events are out, deliveries are over, kept notifications are acted upon, and nobody holds an order message. */
export async function untilNothingWaits({ db }: World): Promise<void> {
  await until(async () => {
    const { rows } = await db.query<{ waiting: number }>(
      `select (select count(*)::int from payment_events where handled_at is null)
            + (select count(*)::int from deliveries where state in ('queued', 'sending', 'retry_wait'))
            + (select count(*)::int from orders where message_lease_until > clock_timestamp()) as waiting`,
    )
    return rows[0]?.waiting === 0 && (await countUnsent(db)) === 0 ? true : undefined
  }, 90_000)
}

async function bookedFor({ db }: World, orderCode: string) {
  const { rows } = await db.query(
    `select (select count(*)::int from ledger_entries e where e.order_id = o.id and e.kind = 'sale') as sales,
            (select count(*)::int from entitlements e where e.order_id = o.id) as entitlements,
            (select count(*)::int from deliveries d where d.order_id = o.id) as deliveries
       from orders o
      where o.code = $1`,
    [orderCode],
  )
  return rows[0]
}
