import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { findOwnedAt, findOwnedProduct } from '../../../shared/db/library.ts'
import { type Database } from '../../../shared/db/pool.ts'
import {
  anOwnedOrder,
  aPerson,
  aProductOnSale,
  aReadyFile,
  type OpenOrder,
  type ProductOnSale,
} from '../../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { sendAgain, type Version } from './send-again.ts'

type Shelf = {
  readonly db: Database
  readonly product: ProductOnSale
  readonly order: OpenOrder
  readonly announced: string[]
  readonly ask: (version?: Version) => ReturnType<typeof sendAgain>
}

async function aShelf(t: TestContext): Promise<Shelf> {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  const order = await anOwnedOrder(db, product)
  const announced: string[] = []
  const announce = ({ title }: { readonly title: string }) => Promise.resolve(BigInt(100 + announced.push(title)))
  const ask = (version: Version = 'latest') =>
    sendAgain({ db, announce }, { buyer: order.buyer, product: product.code, version })
  return { db, product, order, announced, ask }
}

const isOver = (db: Database) => db.query(`update deliveries set state = 'sent'`)

test('a file asked for again gets a line of its own that a delivery turns into the file', async (t) => {
  const { db, order, ask } = await aShelf(t)
  const sent = await ask()
  assert.equal(sent.kind, 'queued')
  const { rows } = await db.query(
    `select d.kind, d.chat_id as chat, d.message_id as message, o.subject
       from deliveries d join outbox o on o.dedupe_key = d.id::text`,
  )
  assert.deepEqual(rows, [{ kind: 'again', chat: order.buyer, message: 101n, subject: 'delivery.requested' }])
})

test('asking while the file is on its way sends nothing twice', async (t) => {
  const { ask, announced } = await aShelf(t)
  await ask()
  assert.deepEqual(await ask(), { kind: 'on its way' })
  assert.equal(announced.length, 1)
})

test('the eleventh file in an hour hears when the next is possible', async (t) => {
  const { db, ask } = await aShelf(t)
  for (let request = 1; request <= 10; request += 1) {
    assert.equal((await ask()).kind, 'queued')
    await isOver(db)
  }
  await db.query(`update deliveries set created_at = now() - interval '59 minutes'`)
  const refused = await ask()
  assert.ok(refused.kind === 'too often')
  const minutes = Math.round((refused.nextAt.getTime() - Date.now()) / 60_000)
  assert.ok(minutes >= 0 && minutes <= 2, `${minutes} minutes`)
  await db.query(`update deliveries set created_at = now() - interval '61 minutes'`)
  assert.equal((await ask()).kind, 'queued')
})

test('what was refunded, or belongs to somebody else, is not sent', async (t) => {
  const { db, product, ask, announced } = await aShelf(t)
  const stranger = { buyer: await aPerson(db), product: product.code, version: 'latest' } as const
  const silent = { db, announce: () => Promise.reject(new Error('nothing is announced')) }
  assert.deepEqual(await sendAgain(silent, stranger), { kind: 'not owned' })
  await db.query(`update entitlements set ended_at = now()`)
  assert.deepEqual(await ask(), { kind: 'not owned' })
  assert.deepEqual(announced, [])
})

test('the newest verified version is sent unless the one that was bought is asked for', async (t) => {
  const { db, product, ask } = await aShelf(t)
  const newer = await aReadyFile(db, product.id)
  await ask('latest')
  await ask('bought')
  const { rows } = await db.query<{ file: string }>(`select file_id as file from deliveries order by created_at`)
  assert.deepEqual(
    rows.map(({ file }) => file),
    [newer, product.fileId],
  )
})

test('what was bought stays in the library whatever happens to product and seller', async (t) => {
  const { db, order, product, ask } = await aShelf(t)
  await db.query(`update products set status = 'deleted', moderation = 'banned', deleted_at = now()`)
  await db.query(`update sellers set closed_at = now()`)
  assert.equal((await findOwnedProduct(db, order.buyer, product.code))?.title, 'A template')
  assert.equal((await ask()).kind, 'queued')
})

test('the library begins with the latest purchase and never shows an empty place', async (t) => {
  const { db, order } = await aShelf(t)
  const second = await aProductOnSale(db)
  await anOwnedOrder(db, second, { buyer: order.buyer })
  const first = await findOwnedAt(db, order.buyer, 1)
  assert.deepEqual([first?.productCode, first?.position, first?.count], [second.code, 1, 2])
  assert.equal((await findOwnedAt(db, order.buyer, 99))?.position, 2)
  assert.equal(await findOwnedAt(db, await aPerson(db), 1), undefined)
})
