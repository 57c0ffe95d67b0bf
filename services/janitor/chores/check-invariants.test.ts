import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { acknowledgeFinding, listFindings, payoutsBlockedBy } from '../../../shared/db/invariants.ts'
import { payOrder } from '../../../shared/db/pay-order.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { recountBytes } from '../../../shared/db/quotas.ts'
import { refundOrder } from '../../../shared/db/refund-order.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../../../shared/testing/a-shop.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { checkInvariants } from './check-invariants.ts'
import { recount } from './recount.ts'

const db = await createTestDatabase({ after })
const deps = choreDeps(db)

async function aPaidOrder(): Promise<OpenOrder> {
  const product = await aProductOnSale(db)
  await inTransaction(db, (tx) => recountBytes(tx, product.seller))
  const order = await anOpenOrder(db, product)
  await db.query(`update payments set status = 'finished', rank = 7 where id = $1`, [order.paymentId])
  await inTransaction(db, (tx) => payOrder(tx, order.id, { late: false, overpaid: false, escrowHours: 24 }))
  return order
}

/** What one run finds, and how many of it the administrators are told. */
async function look(): Promise<{ found: string[]; told: string[] }> {
  await db.query(`delete from outbox`)
  const found: string[] = []
  const { failed } = await checkInvariants.run(deps, (what) => found.push(what))
  await db.query(`insert into chore_runs (chore, dry_run, started_at) values ('check-invariants', false, now())`)
  assert.equal(failed, found.length)
  const { rows } = await db.query<{ name: string }>(
    `select payload -> 'alert' ->> 'name' as name from outbox order by position`,
  )
  return { found, told: rows.map(({ name }) => name) }
}

/** Tries what must never be, and puts it back. */
async function whenBroken(breaking: string, mending: string, id: string): Promise<string[]> {
  await db.query(breaking, [id])
  const { found, told } = await look()
  assert.equal(told.length, found.length, 'each is told')
  assert.equal((await payoutsBlockedBy(db)).length, found.length)
  await db.query(mending, [id])
  assert.deepEqual(await look(), { found: [], told: [] })
  assert.deepEqual(await payoutsBlockedBy(db), [])
  return found
}

test('a shop with sales and refunds has nothing to be told of', async () => {
  await aPaidOrder()
  const order = await aPaidOrder()
  assert.ok(await inTransaction(db, (tx) => refundOrder(tx, order.id)))
  assert.deepEqual(await look(), { found: [], told: [] })
})

test('each thing that must never be is found and told, with the order or product it is about', async () => {
  const { id, code } = await aPaidOrder()
  const cases: readonly (readonly [RegExp, string, string])[] = [
    [
      /the right outlived its order/,
      `update orders set status = 'refunded' where id = $1`,
      `update orders set status = 'paid' where id = $1`,
    ],
    [
      /has no share for its seller/,
      `update payout_items set kind = 'correction', amount_cents = -amount_cents where order_id = $1`,
      `update payout_items set kind = 'share', amount_cents = -amount_cents where order_id = $1`,
    ],
    [
      /not the sum of their shares/,
      `update payout_items set amount_cents = amount_cents + 1 where order_id = $1`,
      `update payout_items set amount_cents = amount_cents - 1 where order_id = $1`,
    ],
    [
      /no settled payment accounts for/,
      `update payments set status = 'confirming' where order_id = $1`,
      `update payments set status = 'finished' where order_id = $1`,
    ],
    [
      /owns a version that was purged/,
      `update product_files set purged_at = now() where id = (select file_id from orders where id = $1)`,
      `update product_files set purged_at = null where id = (select file_id from orders where id = $1)`,
    ],
    [
      /quota holds/,
      `update sellers set reserved_bytes = 5 where user_id = (select seller_id from orders where id = $1)`,
      `update sellers set reserved_bytes = 0 where user_id = (select seller_id from orders where id = $1)`,
    ],
    [
      /quota counts as used/,
      `update sellers set used_bytes = used_bytes + 1 where user_id = (select seller_id from orders where id = $1)`,
      `update sellers set used_bytes = used_bytes - 1 where user_id = (select seller_id from orders where id = $1)`,
    ],
    [
      /fee does not follow/,
      `update orders set fee_rule = '150/4800/314' where id = $1`,
      `update orders set fee_rule = '149/4800/314' where id = $1`,
    ],
    [
      /no delivery/,
      `update deliveries set kind = 'again' where order_id = $1`,
      `update deliveries set kind = 'initial' where order_id = $1`,
    ],
    [
      /payment went back/,
      `update payments set rank = 4 where order_id = $1`,
      `update payments set rank = 7 where order_id = $1`,
    ],
    [
      /not where its dates say/,
      `update orders set status = 'delivered' where id = $1`,
      `update orders set status = 'paid' where id = $1`,
    ],
    [
      /before its hold is over/,
      `update payout_items set state = 'available' where order_id = $1`,
      `update payout_items set state = 'held' where order_id = $1`,
    ],
    [
      /payout is not the sum/,
      `with b as (insert into batches (code, payouts_count, total_cents, prepared_by)
                  values ('ABCDEFGH', 1, 5, '7') returning id)
       insert into payouts (batch_id, seller_id, address, amount_cents)
       select b.id, o.seller_id, 'An address', 5 from b, orders o where o.id = $1`,
      `update payouts set state = 'cancelled' where seller_id = (select seller_id from orders where id = $1)`,
    ],
    [
      /ratings do not add up/,
      `update products set rating_sum = 6, reviews_count = 1 where id = (select product_id from orders where id = $1)`,
      `update products set rating_sum = 0, reviews_count = 0 where id = (select product_id from orders where id = $1)`,
    ],
    [
      /picture that was not verified/,
      `with drawn as (insert into images (product_id, source, state)
                      select product_id, 'sent', 'rejected' from orders where id = $1 returning id, product_id)
       update products p set image_id = drawn.id from drawn where p.id = drawn.product_id`,
      `update products set image_id = null where id = (select product_id from orders where id = $1)`,
    ],
    [
      /sales in the books/,
      `update orders set total_cents = total_cents + 1, fee_cents = fee_cents + 1 where id = $1`,
      `update orders set total_cents = total_cents - 1, fee_cents = fee_cents - 1 where id = $1`,
    ],
  ]
  for (const [says, breaking, mending] of cases) {
    const found = await whenBroken(breaking, mending, id)
    assert.ok(
      found.some((one) => says.test(one)),
      `${says} was not found in ${found.join('; ')}`,
    )
  }
  assert.ok((await whenBroken(cases[0]?.[1] ?? '', cases[0]?.[2] ?? '', id)).some((one) => one.includes(code)))
  const { rows } = await db.query(`select from broken_invariants where cleared_at is null`)
  assert.equal(rows.length, 0)
  assert.deepEqual(await look(), { found: [], told: [] })
})

test('what is broken blocks payouts and is told once, until somebody acknowledges it, and again when it gets worse', async () => {
  const [first, second] = [await aPaidOrder(), await aPaidOrder()]
  const spoil = (cents: number, { id }: OpenOrder) =>
    db.query(`update sellers set reserved_bytes = $1 where user_id = (select seller_id from orders where id = $2)`, [
      cents,
      id,
    ])
  await spoil(5, first)
  assert.equal((await look()).told.length, 1)
  assert.deepEqual([(await look()).told, await payoutsBlockedBy(db)], [[], ['quota-reserved']])

  const [finding] = await listFindings(db)
  assert.ok(finding !== undefined)
  const { id, version } = finding
  assert.equal(await acknowledgeFinding(db, { id, version: version + 1, by: 7n }), undefined, 'it is not what was seen')
  assert.equal((await acknowledgeFinding(db, { id, version, by: 7n }))?.count, 1)
  assert.equal(await acknowledgeFinding(db, { id, version, by: 8n }), undefined, 'once is enough')
  assert.deepEqual([(await look()).told, await payoutsBlockedBy(db)], [[], []])

  await spoil(5, second)
  assert.deepEqual([(await look()).told.length, await payoutsBlockedBy(db)], [1, ['quota-reserved']])
  assert.equal(await acknowledgeFinding(db, { id, version, by: 7n }), undefined, 'nobody saw it as it is now')
  for (const order of [first, second]) await spoil(0, order)
  assert.deepEqual([await look(), await payoutsBlockedBy(db)], [{ found: [], told: [] }, []])
})

test('when nobody has ever checked, or not for hours, no seller is paid', async () => {
  await db.query(`delete from chore_runs`)
  assert.deepEqual(await payoutsBlockedBy(db), ['not-checked-lately'])
  await db.query(`insert into chore_runs (chore, dry_run, started_at) values
    ('check-invariants', false, now() - interval '4 hours'), ('check-invariants', true, now())`)
  assert.deepEqual(await payoutsBlockedBy(db), ['not-checked-lately'])
  await db.query(`insert into chore_runs (chore, dry_run, started_at) values ('check-invariants', false, now())`)
  assert.deepEqual(await payoutsBlockedBy(db), [])
})

test('counters that drifted are counted again, and figures a product brought along are left alone', async () => {
  const product = await aProductOnSale(db)
  const imported = await aProductOnSale(db)
  await db.query(`update products set sales = 7, views = 3 where id = any($1)`, [[product.id, imported.id]])
  await db.query(`update products set source = 'elsewhere' where id = $1`, [imported.id])
  await db.query(`update sellers set used_bytes = 12345 where user_id = $1`, [product.seller])
  const [promised, found]: [string[], string[]] = [[], []]
  await recount.preview(deps, (what) => promised.push(what))
  const figures = async () =>
    (
      await db.query(
        `select p.sales, p.views, s.used_bytes as used from products p join sellers s on s.user_id = p.seller_id
          where p.id = any($1) order by p.id = $2 desc`,
        [[product.id, imported.id], product.id],
      )
    ).rows
  assert.deepEqual((await figures())[0], { sales: 7n, views: 3n, used: 12345n }, 'a dry run changes nothing')
  await recount.run(deps, (what) => found.push(what))
  assert.deepEqual(found.toSorted(), promised.toSorted())
  assert.deepEqual(await figures(), [
    { sales: 0n, views: 3n, used: 1000n },
    { sales: 7n, views: 3n, used: 1000n },
  ])
  assert.equal((await recount.run(deps, () => undefined)).changed, 0)
})
