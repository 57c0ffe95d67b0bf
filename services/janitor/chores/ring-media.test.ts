import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { type FileId, type ImageId } from '../../../shared/domain/ids.ts'
import { aProductOnSale, type ProductOnSale } from '../../../shared/testing/a-shop.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { ringMedia } from './ring-media.ts'

const db = await createTestDatabase({ after })
const deps = choreDeps(db)
const product = await aProductOnSale(db)

beforeEach(() =>
  db.query(
    `delete from outbox; delete from notices; delete from images; delete from product_files where source = 'chat'`,
  ),
)

async function aFile({ id, fileId }: ProductOnSale, state: string, ago: string, rungAgo = ago): Promise<FileId> {
  const { rows } = await db.query<{ id: FileId }>(
    `insert into product_files (product_id, object_key, file_name, size_bytes, content_type, kind, state, source, telegram_file_id,
                                created_at, rung_at)
     select $1, new_id()::text, file_name, 1, content_type, kind, $3, 'chat', 'x', now() - $4::interval, now() - $5::interval
       from product_files where id = $2
  returning id`,
    [id, fileId, state, ago, rungAgo],
  )
  return rows[0]?.id ?? assert.fail('no file')
}

async function aCover(state: string, ago: string): Promise<ImageId> {
  const { rows } = await db.query<{ id: ImageId }>(
    `insert into images (product_id, state, created_at, rung_at) values ($1, $2, now() - $3::interval, now() - $3::interval)
  returning id`,
    [product.id, state, ago],
  )
  return rows[0]?.id ?? assert.fail('no image')
}

async function run(): Promise<string[]> {
  const [promised, found]: [string[], string[]] = [[], []]
  await ringMedia.preview(deps, (what) => promised.push(what))
  await ringMedia.run(deps, (what) => found.push(what))
  assert.deepEqual(found.toSorted(), promised.sort(), 'a dry run tells the same list')
  return found
}

const asked = async (): Promise<unknown[]> =>
  (await db.query(`select subject || ' ' || dedupe_key as one from outbox order by 1`)).rows.map(({ one }) => one)

test('files and covers that stand still are asked for again, and those in hand are not', async () => {
  const [uploading, verifying] = [
    await aFile(product, 'uploading', '3 minutes'),
    await aFile(product, 'verifying', '1 day'),
  ]
  await aFile(product, 'rejected', '3 minutes')
  await aFile(product, 'uploading', '10 minutes', '30 seconds')
  const cover = await aCover('processing', '3 minutes')
  await aCover('rejected', '3 minutes')
  await aCover('processing', '1 minute')
  assert.deepEqual((await run()).sort(), [`cover ${cover}`, `file ${uploading}`, `file ${verifying}`].sort())
  assert.deepEqual(
    await asked(),
    [`cover.received ${cover}`, `file.received ${uploading}`, `file.received ${verifying}`].sort(),
  )
  assert.deepEqual(await run(), [])
})

test('the longer a file stands still the more rarely it is asked for, but once an hour in any case', async () => {
  await aFile(product, 'verifying', '30 minutes', '14 minutes')
  assert.deepEqual(await run(), [], 'it was asked for when it was 16 minutes old')
  const due = await aFile(product, 'verifying', '30 minutes', '16 minutes')
  const ancient = await aFile(product, 'verifying', '30 days', '61 minutes')
  assert.deepEqual((await run()).sort(), [`file ${due}`, `file ${ancient}`].sort())
})

test('a file whose event still waits for the broker is not asked for twice', async () => {
  const id = await aFile(product, 'uploading', '3 minutes')
  await db.query(`insert into outbox (subject, dedupe_key, payload) values ('file.received', $1, '{}')`, [id])
  assert.deepEqual(await run(), [])
})

test('a notice whose bell was lost is told after all', async () => {
  const { rows } = await db.query<{ id: string }>(
    `insert into notices (person_id, kind, subject, facts, rung_at)
     values ($1, 'product on sale', 'a', '{}', now() - interval '6 minutes'), ($1, 'product on sale', 'b', '{}', now())
  returning id`,
    [product.seller],
  )
  assert.deepEqual(await run(), ['1 notices'])
  assert.deepEqual(await asked(), [`notice.queued ${rows[0]?.id}`])
})
