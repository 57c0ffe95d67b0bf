import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCase } from '../../../shared/db/cases.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { refundOrder } from '../../../shared/db/refund-order.ts'
import { aMoneyScene, pay } from '../../../shared/testing/a-money-scene.ts'
import { anOpenOrder } from '../../../shared/testing/a-shop.ts'

test('a seller finds each correction with its order, amount, date and reason, by a button that is there only then', async (t) => {
  const { db, world, product } = await aMoneyScene(t)
  const seller = await world.meetSeller('Camille')
  await db.query(`update products set seller_id = $2 where id = $1`, [product.id, seller.id])
  const own = { ...product, seller: seller.id }
  await seller.go('balance')
  assert.ok(!seller.labels().some((label) => label.includes('Corrections')))

  const orders = await Promise.all(Array.from({ length: 6 }, () => anOpenOrder(db, own)))
  for (const order of orders) await pay(db, order)
  // as good as paid out: a share that cannot be cancelled any more
  await db.query(`update payout_items set state = 'reversed'`)
  const [asked] = orders
  assert.ok(asked !== undefined)
  await openCase(db, asked.id, 'refund asked', 'asked by the buyer')
  await db.query(`update cases set state = 'closed', decision = 'refund'`)
  await db.query(
    `insert into refunds (order_id, kind, amount_cents, by, state, asset, amount, tx_hash)
     values ($1, 'order', 2148, '1', 'sent', 'usdtsol', '21.48', 'hash')`,
    [asked.id],
  )
  for (const { id } of orders) await inTransaction(db, (tx) => refundOrder(tx, id))
  await seller.go('balance')
  await seller.press('Corrections')
  assert.match(seller.shown(), /Corrections · 6[^]*-\$19\.99[^]*to be deducted/)
  assert.match(seller.shown(), /given back by NOWPayments/)
  await seller.press('▶')
  assert.match(seller.shown(), new RegExp(`${asked.code}[^]*refund asked for by the buyer`))

  const other = await world.meetSeller('Mallory')
  await other.go('corrections', { page: 0 })
  assert.doesNotMatch(other.shown(), new RegExp(asked.code))
})
