import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { inTransaction } from '../db/pool.ts'
import { findQuota } from '../db/quotas.ts'
import { type PersonId, type ProductId, type UploadSessionId } from '../domain/ids.ts'
import { aProductOnSale, aSeller } from '../testing/a-shop.ts'
import { createTestDatabase } from '../testing/database.ts'
import { receiveCover } from './receive-cover.ts'
import { receiveChatFile, receivePageFile, type SentFile } from './receive-file.ts'

const db = await createTestDatabase({ after })
const anyCode = 'upper(substr(md5(random()::text), 1, 8))'

async function aDraft(quotaBytes = 10_000n): Promise<{ seller: PersonId; productId: ProductId }> {
  const seller = await aSeller(db)
  await db.query(`update sellers set quota_bytes = $2 where user_id = $1`, [seller, quotaBytes])
  const { rows } = await db.query<{ id: ProductId }>(
    `insert into products (code, seller_id) values (${anyCode}, $1) returning id`,
    [seller],
  )
  return { seller, productId: rows[0]?.id ?? assert.fail('no product') }
}

const pdf = { fileName: '../My guide.pdf', sizeBytes: 4_000n, telegramFileId: 'BQAC', changelog: '' }
const send = (file: Omit<SentFile, keyof typeof pdf> & Partial<SentFile>) =>
  inTransaction(db, (tx) => receiveChatFile(tx, { ...pdf, ...file }))

const filesOf = async (productId: ProductId) => {
  const { rows } = await db.query(
    `select f.state, f.reject_reason as "reason", f.file_name as "name", f.reserved_bytes as "reserved",
            f.id = p.next_file_id as "isNext"
       from product_files f
       join products p on p.id = f.product_id
      where p.id = $1
      order by f.created_at, f.id`,
    [productId],
  )
  return rows
}

async function announced(subject: string): Promise<number> {
  const { rowCount } = await db.query(`select from outbox where subject = $1`, [subject])
  return rowCount
}

test('a file sent in the chat holds its room, waits to be verified, and is announced once', async () => {
  const draft = await aDraft()
  const before = await announced('file.received')
  assert.equal((await send(draft)).kind, 'received')
  assert.deepEqual(await filesOf(draft.productId), [
    { state: 'uploading', reason: null, name: 'My guide.pdf', reserved: 4_000n, isNext: true },
  ])
  assert.equal((await findQuota(db, draft.seller))?.reservedBytes, 4_000n)
  assert.equal(await announced('file.received'), before + 1)
})

test('a second file takes the place and the room of the first, even when both would not fit', async () => {
  const draft = await aDraft(5_000n)
  await send(draft)
  assert.equal((await send({ ...draft, sizeBytes: 5_000n })).kind, 'received')
  assert.deepEqual(await send({ ...draft, sizeBytes: 5_001n }), { kind: 'refused', reason: 'quota' })
  const files = (await filesOf(draft.productId)).map(({ state, reason, isNext }) => [state, reason, isNext])
  assert.deepEqual(files, [
    ['rejected', 'replaced', false],
    ['uploading', null, true],
  ])
  assert.equal((await findQuota(db, draft.seller))?.reservedBytes, 5_000n)
})

test('two files sent at the same moment leave one that waits, and room held for one', async () => {
  const draft = await aDraft()
  await Promise.all([send(draft), send({ ...draft, sizeBytes: 3_000n })])
  const waiting = (await filesOf(draft.productId)).filter(({ state }) => state === 'uploading')
  assert.equal(waiting.length, 1)
  assert.equal((await findQuota(db, draft.seller))?.reservedBytes, waiting[0]?.['reserved'])
})

test('what may not be sold is refused with its reason, and nothing is kept', async () => {
  const draft = await aDraft()
  const refusals = [
    ['setup.pdf.exe', 1n, 'blocked type'],
    ['README', 1n, 'no extension'],
    ['a.xyz', 1n, 'unsupported type'],
    ['a.pdf', 0n, 'empty'],
    ['a.pdf', 20_971_521n, 'too large'],
    ['a.pdf', 10_001n, 'quota'],
  ] as const
  for (const [fileName, sizeBytes, reason] of refusals) {
    assert.deepEqual(await send({ ...draft, fileName, sizeBytes }), { kind: 'refused', reason })
  }
  assert.deepEqual(await filesOf(draft.productId), [])
  assert.equal((await findQuota(db, draft.seller))?.reservedBytes, 0n)
})

test("nobody gives a file or a picture to another seller's product", async () => {
  const draft = await aDraft()
  const stranger = await aSeller(db)
  assert.deepEqual(await send({ ...draft, seller: stranger }), { kind: 'not found' })
  const cover = { seller: stranger, productId: draft.productId, telegramFileId: 'x', sizeBytes: 1n }
  assert.deepEqual(await inTransaction(db, (tx) => receiveCover(tx, cover)), { kind: 'not found' })
})

test('the file of a product on sale is replaced once an hour, and 50 times at most', async () => {
  const product = await aProductOnSale(db)
  const sent = { seller: product.seller, productId: product.id }
  await db.query(
    `insert into product_files (product_id, number, object_key, file_name, size_bytes, sha256, content_type, kind, state, checked_at)
     values ($1, 2, new_id()::text, 'a.pdf', 1, repeat('a', 64), 'application/pdf', 'document', 'ready', now())`,
    [product.id],
  )
  assert.deepEqual(await send(sent), { kind: 'refused', reason: 'too soon' })
  await db.query(`update product_files set created_at = now() - interval '61 minutes' where product_id = $1`, [
    product.id,
  ])
  assert.equal((await send(sent)).kind, 'received')
  await db.query(
    `insert into product_files (product_id, number, object_key, file_name, size_bytes, sha256, content_type, kind, state)
     select $1, number, new_id()::text, 'a.pdf', 1, repeat('a', 64), 'application/pdf', 'document', 'ready'
       from generate_series(3, 50) number`,
    [product.id],
  )
  assert.deepEqual(await send(sent), { kind: 'refused', reason: 'too many versions' })
})

test('what the upload page sent is taken once, with the room that was held for it', async () => {
  const draft = await aDraft()
  await send(draft)
  const { rows } = await db.query<{ id: UploadSessionId }>(
    `with link as (
            insert into upload_links (token_hash, seller_id, product_id, expires_at)
            values (repeat('a', 64), $1, $2, now() + interval '1 day')
         returning id),
          held as (update sellers set reserved_bytes = reserved_bytes + 6000 where user_id = $1)
     insert into upload_sessions (link_id, seller_id, product_id, file_id, object_key, file_name, declared_bytes, part_bytes,
                                  state, sha256, expires_at)
     select id, $1, $2, new_id(), 'originals/page', 'Film.mp4', 6000, 16777216, 'completing', repeat('b', 64), now()
       from link
  returning id`,
    [draft.seller, draft.productId],
  )
  const sessionId = rows[0]?.id ?? assert.fail('no session')
  const receive = () => inTransaction(db, (tx) => receivePageFile(tx, { sessionId }))
  const [first, second] = [await receive(), await receive()]
  assert.equal(first.kind, 'received')
  assert.deepEqual(second, first)
  assert.deepEqual(await filesOf(draft.productId), [
    { state: 'rejected', reason: 'replaced', name: 'My guide.pdf', reserved: 0n, isNext: false },
    { state: 'verifying', reason: null, name: 'Film.mp4', reserved: 6_000n, isNext: true },
  ])
  assert.equal((await findQuota(db, draft.seller))?.reservedBytes, 6_000n)
})

test('a second picture takes the place of one that is not prepared yet', async () => {
  const { seller, productId } = await aDraft()
  const cover = { seller, productId, telegramFileId: 'AgAC', sizeBytes: 1_000n }
  await inTransaction(db, (tx) => receiveCover(tx, cover))
  await inTransaction(db, (tx) => receiveCover(tx, cover))
  const { rows } = await db.query(
    `select i.state, i.reject_reason as "reason", i.id = p.next_image_id as "isNext"
       from images i
       join products p on p.id = i.product_id
      where p.id = $1
      order by i.created_at, i.id`,
    [productId],
  )
  assert.deepEqual(rows, [
    { state: 'rejected', reason: 'replaced', isNext: false },
    { state: 'processing', reason: null, isNext: true },
  ])
})
