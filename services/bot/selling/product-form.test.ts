import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { inTransaction } from '../../../shared/db/pool.ts'
import { forgePress } from '../../../shared/testing/a-chat.ts'
import { aSellingScene, Seller } from '../../../shared/testing/a-selling-scene.ts'
import { aDraft } from '../../../shared/testing/a-draft.ts'
import { putOnSale } from '../../../shared/messaging/put-on-sale.ts'
import { findQuota } from '../../../shared/db/quotas.ts'

const world = await aSellingScene({ after })
const { db } = world
const photo = await readFile(new URL('../assets/home.jpg', import.meta.url))
const pdf = Buffer.from('%PDF-1.7 a guide')

/** At the question for the price, everything before it answered. */
async function atPrice(): Promise<Seller> {
  const seller = await world.meetSeller()
  await seller.go('newProduct')
  await seller.write('A guide to the sea')
  await seller.write('Everything there is to know.')
  await seller.press('Business')
  return seller
}

/** At the summary of a product without a picture of its own. */
async function atSummary(): Promise<Seller> {
  const seller = await atPrice()
  await seller.write('12,50 $')
  await seller.press('Skip')
  await seller.sendFile('guide.pdf', pdf)
  return seller
}

test('a seller puts a product on sale question by question, sees it as buyers will, and hears when it is for sale', async () => {
  const seller = await world.meetSeller('Zoé')
  await seller.go('newProduct')
  assert.match(seller.shown(), /1\/6[^]*5 to 100 characters/)
  await seller.write('  A <b>guide</b>  to\nthe sea 🌊 ')
  assert.match(seller.shown(), /2\/6[^]*10 to 1000 characters/)
  await seller.write('Everything there is\n\n\n\nto know.')
  assert.match(seller.shown(), /3\/6/)
  await seller.press('Business')
  assert.match(seller.shown(), /4\/6[^]*\$9\.99 to \$5,000\.00/)
  await seller.write('12,50 $')
  assert.match(seller.shown(), /5\/6[^]*\$12\.50 \+ \$1\.49 fee = \$13\.99\.[^]*USDT[^]*BTC from \$18\.80/)
  await seller.sendFile('sea.jpg', photo, 'photo')
  assert.match(seller.shown(), /6\/6[^]*20\sMB[^]*10\sGB/)
  await seller.sendFile('../My "guide".pdf', pdf)
  assert.match(seller.shown(), /file: being checked/)
  assert.match(
    seller.shown(),
    /A <b>guide<\/b> to the sea 🌊[^]*by Zoé[^]*Everything there is\n\nto know\.[^]*My guide\.pdf/,
  )

  const product = await seller.product()
  await seller.press('Publish')
  assert.match(seller.shown(), /Being checked[^]*File being checked: My guide\.pdf/)
  await world.verify(product)
  assert.equal((await seller.product()).status, 'processing', 'it waits for its picture')
  await world.drawPicture(product)
  await db.query(`update products set next_image_id = null where id = $1`, [product.id])
  await inTransaction(db, (tx) => putOnSale(tx, product.id))
  await seller.press('Refresh')
  assert.match(seller.shown(), /For sale/)
  const { rows } = await db.query(`select kind from notices where person_id = $1`, [seller.id])
  assert.deepEqual(rows, [{ kind: 'product on sale' }])
})

test('every answer that breaks a rule is refused in words, stays at its question and changes nothing', async () => {
  const seller = await world.meetSeller()
  await seller.go('newProduct')
  const title = async (text: string, said: RegExp) => {
    await seller.write(text)
    assert.match(seller.shown(), said)
    assert.match(seller.shown(), /1\/6/)
  }
  await title('abcd', /4 character\(s\), it takes at least 5/)
  await title('t'.repeat(4000), /4000 characters, at most 100/)
  await title('\u202e\u200b  \u2066', /0 character\(s\), it takes at least 5/)
  await seller.sendFile('title.pdf', pdf)
  assert.match(seller.shown(), /1\/6/)
  const { rowCount } = await db.query(`select from products where seller_id = $1 and title is not null`, [seller.id])
  assert.equal(rowCount, 0)
})

test('no spelling of a wrong price is taken for a price', async () => {
  const seller = await atPrice()
  const wrong: Record<string, RegExp> = {
    NaN: /cannot read a price/,
    '-5': /cannot be negative/,
    '1e3': /cannot read a price/,
    '9,989': /Two digits after the point/,
    '5000.01': /more than the highest price/,
    '9.98': /less than the lowest price/,
    Infinity: /cannot read a price/,
  }
  for (const [text, said] of Object.entries(wrong)) {
    await seller.write(text)
    assert.match(seller.shown(), said, text)
    assert.match(seller.shown(), /4\/6/, text)
  }
  assert.equal((await seller.product()).price, null)
  await seller.write('9,99')
  assert.equal((await seller.product()).price, 999n)
})

test('a free product is said to be free, without a fee', async () => {
  const seller = await atPrice()
  await seller.write('0')
  assert.match(seller.shown(), /Free: no fee and no payment/)
  assert.equal((await seller.product()).price, 0n)
})

test('a picture that cannot be a cover is refused at once, and the next one is taken', async () => {
  const seller = await atPrice()
  await seller.write('12')
  await seller.sendFile('cover.svg', Buffer.from('<svg/>'))
  assert.match(seller.shown(), /not a JPG, PNG or WebP[^]*5\/6/)
  await seller.sendFile('cover.png', Buffer.alloc(5 * 1024 * 1024 + 1))
  assert.match(seller.shown(), /larger than 5 MB/)
  await seller.write('no picture, thanks')
  assert.match(seller.shown(), /I expect a photo here/)
  assert.equal(
    (await db.query(`select from images i join products p on p.id = i.product_id where p.seller_id = $1`, [seller.id]))
      .rowCount,
    0,
  )
  await seller.sendFile('cover.png', photo)
  assert.match(seller.shown(), /6\/6/)
  assert.equal((await seller.product()).isCoverWaiting, true)
})

test('a file that may not be sold is refused with its reason, and nothing of it is kept', async () => {
  const seller = await atPrice()
  await seller.write('12')
  await seller.press('Skip')
  const names: Record<string, RegExp> = {
    'tool.exe': /programs and executable scripts/,
    'setup.pdf.exe': /programs and executable scripts/,
    README: /has no extension/,
    'data.xyz': /not supported[^]*Families we take/,
  }
  for (const [name, said] of Object.entries(names)) {
    await seller.sendFile(name, pdf)
    assert.match(seller.shown(), said, name)
  }
  await seller.sendFile('photo.jpg', photo, 'photo')
  assert.match(seller.shown(), /attach it as “File”/)
  await seller.sendFile('big.zip', Buffer.alloc(22_020_096))
  assert.match(seller.shown(), /This file has 21\sMB[^]*20\sMB/)
  assert.ok(seller.labels().includes('🌐 Upload page'))
  const { rowCount } = await db.query(
    `select from product_files f join products p on p.id = f.product_id where p.seller_id = $1`,
    [seller.id],
  )
  assert.equal(rowCount, 0)
  assert.equal((await findQuota(db, seller.id))?.reservedBytes, 0n)
})

test('a seller whose space is full is told how much is used, and nothing is held', async () => {
  const seller = await atPrice()
  await db.query(`update sellers set used_bytes = 990, quota_bytes = 1000 where user_id = $1`, [seller.id])
  await seller.write('12')
  await seller.press('Skip')
  await seller.sendFile('guide.pdf', pdf)
  assert.match(seller.shown(), /space is full: 990\sB of 1000\sB/)
  assert.equal((await seller.product()).nextFile, null)
})

test('a name with a path, quotes, line breaks or turned letters is cleaned before anybody sees it', async () => {
  const seller = await atPrice()
  await seller.write('12')
  await seller.press('Skip')
  await seller.sendFile('..\\..\\etc/pass"wd\u202efdp.exe\u202c\n.pdf', pdf)
  assert.doesNotMatch((await seller.product()).nextFile?.fileName ?? '/', /[\\/"\n\u202e]/)
})

test('a large file has a page of its own; the link is the seller’s alone and only its hash is kept', async () => {
  const seller = await atPrice()
  await seller.write('12')
  await seller.press('Skip')
  await seller.press('Upload page')
  const key = seller
    .screen()
    .keyboard?.flat()
    .find(({ url }) => url !== undefined)
  const [, token = ''] = /\/u#([A-Za-z0-9_-]{43})$/.exec(key?.url ?? '') ?? []
  assert.notEqual(token, '')
  const { rows } = await db.query<{ hash: string }>(
    `select token_hash as hash from upload_links where seller_id = $1`,
    [seller.id],
  )
  assert.equal(rows.length, 1)
  assert.notEqual(rows[0]?.hash, token)
  await seller.press('I have sent it')
  assert.match(seller.shown(), /Nothing has arrived yet/)
  const { id } = await seller.product()
  await db.query(
    `with sent as (
            insert into product_files (product_id, object_key, file_name, size_bytes, content_type, kind, state, source)
            values ($1, 'originals/film', 'film.mp4', 200000000, 'video/mp4', 'video', 'verifying', 'page') returning id)
     update products set next_file_id = sent.id from sent where products.id = $1`,
    [id],
  )
  await seller.press('I have sent it')
  assert.match(seller.shown(), /film\.mp4/)
})

test('a file refused while the seller looks at the summary leads back to its question, with the reason', async () => {
  const seller = await atSummary()
  const product = await seller.product()
  await world.refuse(product, 'other content')
  await seller.press('Refresh')
  assert.match(seller.shown(), /6\/6/)
  assert.match(seller.shown(), /does not match the extension/)
  await seller.sendFile('guide.pdf', pdf)
  assert.match(seller.shown(), /file: being checked/)
  await world.verify(product)
  await seller.press('Refresh')
  assert.doesNotMatch(seller.shown(), /being checked/)
  await world.drawPicture(product)
  await seller.press('Publish')
  assert.match(seller.shown(), /For sale/, 'everything was ready: on sale at once')
})

test('a file refused after [Publish] makes the product a draft again, which goes on at the file', async () => {
  const seller = await atSummary()
  await seller.press('Publish')
  const product = await seller.product()
  await world.refuse(product, 'executable')
  await seller.go('myProduct', { product: product.code })
  assert.match(seller.shown(), /Draft[^]*Last file refused: the file contains a program/)
  await seller.press('Go on with the draft')
  assert.match(seller.shown(), /6\/6/)
})

test('a step is edited from the summary and leads back to it', async () => {
  const seller = await atSummary()
  await seller.press('Edit a step')
  await seller.press('Title')
  await seller.write('Another title for it')
  assert.match(seller.shown(), /what your buyers will see[^]*Another title for it/)
  await seller.press('Edit a step')
  await seller.press('Price')
  await seller.write('100')
  assert.match(seller.shown(), /\$100\.00 \+ \$3\.14 fee = \$103\.14/)
  await seller.press('Continue')
  assert.match(seller.shown(), /\$100\.00/)
  await seller.press('Back')
  await seller.press('Back')
  assert.match(seller.shown(), /what your buyers will see/)
})

test('going back keeps what was answered, and a draft that was left is found again', async () => {
  const seller = await atPrice()
  await seller.press('Back')
  assert.match(seller.shown(), /3\/6/)
  await seller.press('Back')
  assert.match(seller.shown(), /2\/6[^]*At the moment: Everything there is to know/)
  await seller.press('Keep it as it is')
  await seller.press('Keep it as it is')
  assert.match(seller.shown(), /4\/6/)
  await seller.press('Cancel')
  assert.match(seller.shown(), /My products[^]*A guide to the sea[^]*Draft/)
  await seller.press('Go on with the draft')
  assert.match(seller.shown(), /4\/6/)
  await seller.write('/cancel')
  await seller.go('newProduct')
  await seller.write('A second product')
  assert.equal((await seller.product()).count, 2)
})

test('keeping a draft ends the form and sells nothing', async () => {
  const seller = await atSummary()
  await seller.press('Keep as draft')
  assert.match(seller.shown(), /My products[^]*Draft/)
  assert.equal((await seller.product()).status, 'draft')
})

test('the draft of another seller is absent, by every button and in every form', async () => {
  const seller = await world.meetSeller('Eve')
  const draft = await aDraft(db)
  for (const action of [
    'myProduct',
    'continueDraft',
    'editProduct',
    'activate',
    'deactivate',
    'deleteProduct',
    'deleteNow',
  ] as const) {
    await seller.go(action, { product: draft.code })
    assert.doesNotMatch(seller.shown(), /A draft of mine/, action)
  }
  await seller.go('editField', { product: draft.code, field: 'title' })
  assert.doesNotMatch(seller.shown(), /A draft of mine/)
  // a form that was opened for a product which is somebody else's by now
  await seller.go('newProduct')
  await db.query(
    `update conversations set data = jsonb_set(data, '{product}', to_jsonb($2::text)) where user_id = $1`,
    [seller.id, draft.code],
  )
  await seller.write('Stolen by a form')
  assert.match(seller.shown(), /not there any more/)
  const { rows } = await db.query(`select title, status from products where id = $1`, [draft.id])
  assert.deepEqual(rows, [{ title: 'A draft of mine', status: 'draft' }])
})

test('a button of an older step is answered and changes nothing', async () => {
  const seller = await world.meetSeller()
  await seller.go('newProduct')
  await seller.write('A guide to the sea')
  await seller.write('Everything there is to know.')
  const { keyboard } = seller.screen()
  const business = keyboard?.flat().find(({ text }) => text.includes('Business'))?.data ?? assert.fail('no category')
  await seller.press('Development')
  await seller.write('15')
  await forgePress(world.scene, seller.person, business)
  await seller.press('Skip')
  const product = await seller.product()
  assert.deepEqual([product.category?.names.en, product.price], ['Development', 1500n])
})

test('a person without a shop is told to open one first', async () => {
  const person = await world.meet('Ada')
  const visitor = new Seller(world, person)
  await visitor.go('newProduct')
  await visitor.go('myProducts')
  const { rowCount } = await db.query(`select from products where seller_id = $1`, [visitor.id])
  assert.equal(rowCount, 0)
  assert.match(visitor.shown(), /Comptoir/)
})
