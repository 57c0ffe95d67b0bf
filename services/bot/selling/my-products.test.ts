import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findOwnedProduct } from '../../../shared/db/library.ts'
import { personId } from '../../../shared/domain/ids.ts'
import { ask } from '../../../shared/testing/a-chat.ts'
import { aDraft } from '../../../shared/testing/a-draft.ts'
import { aSellingScene, Seller } from '../../../shared/testing/a-selling-scene.ts'
import { anOpenOrder, anOwnedOrder, aProductOnSale, type ProductOnSale } from '../../../shared/testing/a-shop.ts'

const world = await aSellingScene({ after })
const { db } = world

/** A seller in front of a product of theirs that is for sale. */
async function aSellerOf(title = 'A template'): Promise<{ seller: Seller; product: ProductOnSale }> {
  const seller = await world.meetSeller()
  const made = await aProductOnSale(db, { title })
  await db.query(`update products set seller_id = $2 where id = $1`, [made.id, seller.id])
  const product = { ...made, seller: seller.id }
  await seller.go('myProduct', { product: product.code })
  return { seller, product }
}

test('a seller walks through their products, with state, figures and size, and shares one or the whole shop', async () => {
  const { seller, product } = await aSellerOf('First of two')
  await db.query(`update products set sales = 12, views = 140, rating_sum = 9, reviews_count = 2 where id = $1`, [
    product.id,
  ])
  await aDraft(db, { seller: seller.id })
  await seller.go('myProducts')
  assert.match(seller.shown(), /A draft of mine[^]*Draft/)
  await seller.press('▶')
  assert.match(seller.shown(), /First of two[^]*\$19\.99 · 🟢 For sale[^]*12 sales · 140 views · conversion 8\.6%/)
  assert.match(seller.shown(), /★ 4\.5 \(2\) · 1000\sB · version 1/)
  const links = (seller.screen().keyboard ?? []).flat().flatMap(({ url = [] }) => url)
  const shop = (await seller.product()).sellerCode
  const targets = links.map((link) => new URL(link).searchParams.get('url'))
  assert.deepEqual(targets, [
    `https://t.me/comptoir_test_bot?start=p_${product.code}`,
    `https://t.me/comptoir_test_bot?start=s_${shop}`,
  ])
})

test('taking a product off sale and putting it back is one press each; what our team withdrew stays away', async () => {
  const { seller, product } = await aSellerOf()
  await seller.press('Take off sale')
  assert.match(seller.shown(), /Not for sale/)
  await seller.press('Put on sale')
  assert.match(seller.shown(), /For sale/)
  await db.query(
    `update products set moderation = 'suspended', moderation_reason = 'copy of <another>' where id = $1`,
    [product.id],
  )
  await seller.go('deactivate', { product: product.code })
  await seller.go('activate', { product: product.code })
  assert.match(seller.shown(), /Withdrawn by our team[^]*Reason: copy of <another>/)
  assert.ok(!seller.labels().some((label) => label.includes('Put on sale')))
  const { rows } = await db.query(`select status, moderation from products where id = $1`, [product.id])
  assert.deepEqual(rows, [{ status: 'inactive', moderation: 'suspended' }])
})

test('each part is changed by itself, with the checks of the form, and leads back to the product', async () => {
  const { seller, product } = await aSellerOf()
  const order = await anOpenOrder(db, product)
  await seller.press('Edit')
  await seller.press('Price')
  await seller.write('1e3')
  assert.match(seller.shown(), /cannot read a price/)
  await seller.write('49,90 $')
  assert.match(seller.shown(), /\$49\.90 \+ \$1\.57 fee = \$51\.47/)
  await seller.press('Continue')
  assert.match(seller.shown(), /My products[^]*\$49\.90/)
  const { rows } = await db.query(`select total_cents as total from orders where id = $1`, [order.id])
  assert.deepEqual(rows, [{ total: 2148n }], 'an open order keeps its price')
  await seller.press('Edit')
  await seller.press('Title')
  await seller.write('abc')
  assert.match(seller.shown(), /3 character\(s\)/)
  await seller.write('A better name')
  assert.match(seller.shown(), /A better name/)
})

test('a new file stays behind the old one until it is verified; then owners hear of it, with its line, and get it', async () => {
  const { seller, product } = await aSellerOf('A living book')
  const owner = await world.meet('Owen')
  await anOwnedOrder(db, product, { buyer: personId(owner.id) })
  await seller.press('Edit')
  await seller.press('File')
  await seller.write('x'.repeat(201))
  assert.match(seller.shown(), /201 characters, at most 200/)
  await seller.write('Three new\nchapters')
  await seller.sendFile('book.pdf', Buffer.from('%PDF-1.7 more'))
  assert.match(seller.shown(), /version 1[^]*File being checked: book\.pdf/)
  const before = await findOwnedProduct(db, personId(owner.id), product.code)
  assert.equal(before?.latest.number, 1)

  const fileId = await world.verify(product)
  const owned = await findOwnedProduct(db, personId(owner.id), product.code)
  assert.deepEqual([owned?.latest.fileId, owned?.latest.number, owned?.bought.number], [fileId, 2, 1])
  const { rows } = await db.query(
    `select n.person_id as person, n.kind, f.changelog
       from notices n join product_files f on f.id::text = n.subject where n.subject = $1 order by n.kind`,
    [fileId],
  )
  assert.deepEqual(rows, [
    { person: BigInt(owner.id), kind: 'new version', changelog: 'Three new chapters' },
    { person: seller.id, kind: 'version on sale', changelog: 'Three new chapters' },
  ])

  await seller.press('Edit')
  await seller.press('File')
  await seller.press('Skip')
  await seller.sendFile('book.pdf', Buffer.from('%PDF-1.7 again'))
  assert.match(seller.shown(), /replaced once an hour/)
})

test('deleting says first what will happen, and then does exactly that', async () => {
  const { seller, product } = await aSellerOf('Never ordered')
  await seller.press('Delete')
  assert.match(seller.shown(), /Nobody ever ordered it: everything goes for good/)
  await seller.press('No, keep it')
  assert.match(seller.shown(), /For sale/)
  await seller.press('Delete')
  await seller.press('Yes, delete')
  assert.match(seller.shown(), /You have no product yet/)
  assert.equal((await db.query(`select from products where id = $1`, [product.id])).rowCount, 0)

  const sold = await aSellerOf('Ordered once')
  await anOpenOrder(db, sold.product)
  await sold.seller.press('Delete')
  assert.match(sold.seller.shown(), /Your buyers keep their file[^]*One order is open: it may still be paid/)
  await sold.seller.press('Yes, delete')
  const { rows } = await db.query(`select status from products where id = $1`, [sold.product.id])
  assert.deepEqual(rows, [{ status: 'deleted' }])
})

test('a link to a product leads its seller to it in any state, its owner to the library, anybody else to the shop', async () => {
  const { seller, product } = await aSellerOf('Linked to')
  const [owner, other] = [await world.meet('Owen'), await world.meet('Otto')]
  await anOwnedOrder(db, product, { buyer: personId(owner.id) })
  const link = `/start p_${product.code}`
  await seller.press('Take off sale')
  await seller.write(link)
  assert.match(seller.shown(), /My products[^]*Linked to/)
  const hidden = async () => {
    await ask(owner, link, 'My library')
    await ask(other, link, 'no longer for sale')
  }
  await hidden()
  await seller.press('Delete')
  await seller.press('Yes, delete')
  await hidden()
  const draft = await aDraft(db, { seller: seller.id })
  await seller.write(`/start p_${draft.code}`)
  assert.match(seller.shown(), /A draft of mine/)
  const stranger = new Seller(world, other)
  await stranger.write(`/start p_${draft.code}`)
  assert.doesNotMatch(stranger.shown(), /A draft of mine/)
})

test('a suspended seller sees their products and changes nothing', async () => {
  const { seller, product } = await aSellerOf('Of somebody suspended')
  await db.query(`update users set status = 'suspended', last_seen_at = now() where id = $1`, [seller.id])
  for (const action of ['deactivate', 'deleteNow', 'editProduct'] as const) {
    await seller.go(action, { product: product.code })
    assert.match(seller.shown(), /Of somebody suspended[^]*For sale/, action)
  }
})
