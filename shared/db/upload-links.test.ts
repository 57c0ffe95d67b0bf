import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aProductOnSale, aSeller } from '../testing/a-shop.ts'
import { createTestDatabase } from '../testing/database.ts'
import { hashToken, newToken } from '../web/link-token.ts'
import { findUploadLink, insertUploadLink } from './upload-links.ts'

const db = await createTestDatabase({ after })

async function aLink() {
  const product = await aProductOnSale(db)
  const tokenHash = hashToken(newToken())
  const id = await insertUploadLink(db, { seller: product.seller, productId: product.id, tokenHash })
  return { ...product, tokenHash, linkId: id ?? assert.fail('no link') }
}

test('a link to the upload page stands for one seller and one product, for 48 hours', async () => {
  const { seller, id, linkId, tokenHash } = await aLink()
  assert.deepEqual(await findUploadLink(db, tokenHash), {
    id: linkId,
    tokenHash,
    sellerId: seller,
    productId: id,
    language: 'en',
    title: 'A template',
  })
  const { rows } = await db.query<{ hours: number }>(
    `select round(extract(epoch from expires_at - now()) / 3600)::int as hours from upload_links where id = $1`,
    [linkId],
  )
  assert.equal(rows[0]?.hours, 48)
})

test("nobody gets a link to another seller's product, nor to one that is deleted", async () => {
  const product = await aProductOnSale(db)
  const stranger = await aSeller(db)
  const link = { productId: product.id, tokenHash: hashToken(newToken()) }
  assert.equal(await insertUploadLink(db, { ...link, seller: stranger }), undefined)
  await db.query(`update products set status = 'deleted', deleted_at = now() where id = $1`, [product.id])
  assert.equal(await insertUploadLink(db, { ...link, seller: product.seller }), undefined)
})

const ends = [
  ['its time is over', `update upload_links set expires_at = now() - interval '1 second' where id = $1`],
  ['it was revoked', `update upload_links set revoked_at = now() where id = $1`],
  [
    'its product is deleted',
    `update products set status = 'deleted', deleted_at = now() where id = (select product_id from upload_links where id = $1)`,
  ],
  [
    'its seller is suspended',
    `update users set status = 'suspended' where id = (select seller_id from upload_links where id = $1)`,
  ],
  [
    'its seller closed the shop',
    `update sellers set closed_at = now() where user_id = (select seller_id from upload_links where id = $1)`,
  ],
] as const

for (const [what, sql] of ends) {
  test(`a link to the upload page opens nothing once ${what}`, async () => {
    const { linkId, tokenHash } = await aLink()
    assert.notEqual(await findUploadLink(db, tokenHash), undefined)
    await db.query(sql, [linkId])
    assert.equal(await findUploadLink(db, tokenHash), undefined)
  })
}
