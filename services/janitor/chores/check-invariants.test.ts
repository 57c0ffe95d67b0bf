import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { payOrder } from '../../../shared/db/pay-order.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { refundOrder } from '../../../shared/db/refund-order.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../../../shared/testing/a-shop.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { checkInvariants } from './check-invariants.ts'
import { recount } from './recount.ts'

const db = await createTestDatabase({ after })
const deps = choreDeps(db)

beforeEach(() => db.query(`delete from outbox`))

async function aPaidOrder(): Promise<OpenOrder> {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  await db.query(`update payments set status = 'finished', rank = 7 where id = $1`, [order.paymentId])
  await inTransaction(db, (tx) => payOrder(tx, order.id, { late: false, overpaid: false, escrowHours: 24 }))
  return order
}

const broken = async (): Promise<string[]> => {
  const found: string[] = []
  const { failed } = await checkInvariants.run(deps, (what) => found.push(what))
  assert.equal(failed, found.length)
  const { rows } = await db.query(`select count(*)::int as alerts from outbox where subject = 'admin.alert'`)
  assert.deepEqual(rows, [{ alerts: found.length }], 'each is told')
  return found
}

/** Tries what must never be, and puts it back. */
async function whenBroken(breaking: string, mending: string, id: string): Promise<string[]> {
  await db.query(breaking, [id])
  const found = await broken()
  await db.query(mending, [id])
  await db.query(`delete from outbox`)
  return found
}

test('a shop with sales and refunds has nothing to be told of', async () => {
  await aPaidOrder()
  const order = await aPaidOrder()
  assert.ok(await inTransaction(db, (tx) => refundOrder(tx, order.id)))
  assert.deepEqual(await broken(), [])
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
  assert.deepEqual(await broken(), [])
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
