import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type PersonId } from '../../../shared/domain/ids.ts'
import { anOwnedOrder, aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { remindOfAddress } from './remind-of-address.ts'

const db = await createTestDatabase({ after })
const deps = choreDeps(db)

async function run(): Promise<number> {
  const { changed } = await remindOfAddress.run(deps, () => undefined)
  return changed
}

async function aShare(state: 'held' | 'available', days: number): Promise<PersonId> {
  const product = await aProductOnSale(db)
  const order = await anOwnedOrder(db, product)
  await db.query(
    `insert into payout_items (order_id, seller_id, amount_cents, state, hold_until)
     values ($1, $2, 1999, $3, now() - $4 * interval '1 day')`,
    [order.id, product.seller, state, days],
  )
  return product.seller
}

const noticesOf = async (seller: PersonId) => {
  const { rows } = await db.query<{ cents: string }>(
    `select facts ->> 'cents' as cents from notices where person_id = $1 and kind = 'money waits'`,
    [seller],
  )
  return rows.map(({ cents }) => cents)
}

test('money without an address is told of after one, seven and thirty days, each once', async () => {
  const seller = await aShare('available', 0.5)
  assert.equal(await run(), 0)
  const pass = (days: number) =>
    db.query(`update payout_items set hold_until = hold_until - $1 * interval '1 day'`, [days])
  for (const days of [1, 6, 23]) {
    await pass(days)
    assert.equal((await remindOfAddress.preview(deps, () => undefined)).checked, 1)
    assert.equal(await run(), 1)
    assert.equal(await run(), 0)
  }
  await pass(300)
  assert.equal(await run(), 0, 'a year later it was said often enough')
  assert.deepEqual(await noticesOf(seller), ['1999', '1999', '1999'])
})

test('nobody is reminded of money that is held, or that has an address', async () => {
  await db.query(`delete from payout_items`)
  await aShare('held', 3)
  const seller = await aShare('available', 3)
  await db.query(`update sellers set solana_address = 'So1ana' where user_id = $1`, [seller])
  assert.equal(await run(), 0)
})
