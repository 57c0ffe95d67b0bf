import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { inTransaction } from '../db/pool.ts'
import { type PayoutId, type SellerChangeId } from '../domain/ids.ts'
import { type Notice } from '../domain/notice.ts'
import { aPerson, aProductOnSale } from '../testing/a-shop.ts'
import { createTestDatabase } from '../testing/database.ts'
import { notify } from './notify.ts'

async function aSellerWithMail(t: TestContext) {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db, { title: 'A template' })
  await db.query(`update sellers set email = 'Seller@example.org', email_verified_at = now()`)
  const say = (notice: Notice, subject: string = product.id) =>
    inTransaction(db, (tx) => notify(tx, product.seller, subject, notice))
  const mails = async () => {
    const { rows } = await db.query<{ template: string; to: string; confirmed: boolean; data: unknown }>(
      `select template, recipient as "to", confirmed, data from emails order by created_at, id`,
    )
    return rows
  }
  return { db, product, say, mails }
}

const to = { to: 'Seller@example.org', confirmed: true }

test('the first product on sale is mailed as such, every later one as on sale, each once', async (t) => {
  const { db, product, say, mails } = await aSellerWithMail(t)
  const notice = { kind: 'product on sale', productId: product.id } as const
  await say(notice)
  await say(notice)
  const data = { title: 'A template' }
  assert.deepEqual(await mails(), [{ ...to, template: 'first product', data }])
  await db.query(
    `insert into products (code, seller_id, status, published_at, title, description, category_id, price_cents)
     select 'ABCDEFGH', seller_id, 'inactive', now(), title, description, category_id, price_cents from products`,
  )
  await say(notice, 'another subject')
  assert.deepEqual((await mails()).slice(1), [{ ...to, template: 'product on sale', data }])
})

test('a refused file is mailed with its reason, and what only the chat is for is not mailed', async (t) => {
  const { product, say, mails } = await aSellerWithMail(t)
  await say({ kind: 'file received', productId: product.id, fileId: product.fileId })
  await say({ kind: 'file refused', productId: product.id, fileId: product.fileId, reason: 'executable' })
  const data = { title: 'A template', reason: 'executable' }
  assert.deepEqual(await mails(), [{ ...to, template: 'file refused', data }])
})

test('a changed e-mail address is told to the new and the old one, a changed payout address to the one there is', async (t) => {
  const { say, mails } = await aSellerWithMail(t)
  const changeId = randomUUID() as unknown as SellerChangeId
  const old = { address: 'before@example.org', isConfirmed: true }
  await say({ kind: 'email changed', changeId, email: 'seller@example.org', old })
  await say({ kind: 'address changed', changeId, address: 'So1ana', heldUntil: '2026-11-29T10:00:00Z' })
  assert.deepEqual(
    (await mails()).map(({ template, to: address }) => [template, address]),
    [
      ['email changed', 'Seller@example.org'],
      ['email changed', 'before@example.org'],
      ['address changed', 'Seller@example.org'],
    ],
  )
})

test('a refund is mailed to the buyer who wants receipts and to the seller, a payout to the seller', async (t) => {
  const { db, product, say, mails } = await aSellerWithMail(t)
  const buyer = await aPerson(db)
  const sent = { kind: 'refund sent', orderCode: 'ABCDEFGH23', amount: '21.48', asset: 'usdtsol', hash: '5x' } as const
  const tell = (subject: string) => inTransaction(db, (tx) => notify(tx, buyer, subject, sent))
  await tell('one')
  assert.deepEqual(await mails(), [], 'this buyer wants nothing in writing')
  await db.query(`update users set receipt_email = 'ada@example.org' where id = $1`, [buyer])
  await tell('two')
  const share = { orderCode: 'ABCDEFGH23', cents: '1999', share: 'cancelled' } as const
  await say({ kind: 'order refunded', productId: product.id, ...share })
  const payoutId = randomUUID() as unknown as PayoutId
  await say({ kind: 'payout failed', payoutId, cents: '1999', reason: 'no such account' })
  assert.deepEqual(
    (await mails()).map(({ template, to: address }) => [template, address]),
    [
      ['refund sent', 'ada@example.org'],
      ['order refunded', 'Seller@example.org'],
      ['payout failed', 'Seller@example.org'],
    ],
  )
})

test('a seller without an e-mail address, and one who switched publications off, is not mailed', async (t) => {
  const { db, product, say, mails } = await aSellerWithMail(t)
  await db.query(`update sellers set notify = '{"published": false}'`)
  await say({ kind: 'product on sale', productId: product.id })
  await db.query(`update sellers set email = null, notify = '{}'`)
  await say({ kind: 'product on sale', productId: product.id })
  assert.deepEqual(await mails(), [])
})
