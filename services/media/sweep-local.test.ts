import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { aProductOnSale } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { type ObjectStore } from '../../shared/storage/object-store.ts'
import { sweepLocal } from './sweep-local.ts'

const db = await createTestDatabase({ after })
const dataDir = await mkdtemp(join(tmpdir(), 'comptoir-sweep-'))
after(() => rm(dataDir, { recursive: true }))
const deps = { db, bucket: {} as ObjectStore, log: pino({ enabled: false }), dataDir }
const signal = new AbortController().signal

async function put(...path: string[]): Promise<string> {
  const file = join(dataDir, 'images', ...path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, 'x')
  return file
}

async function anImage(product: string, state: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `insert into images (product_id, state) values ($1, $2) returning id`,
    [product, state],
  )
  const id = rows[0]?.id ?? assert.fail('no image')
  await put(product, id, 'cover.jpg')
  return id
}

test('pictures of products that are gone leave the disk, and those that are shown or prepared stay', async () => {
  const [kept, purged] = [await aProductOnSale(db), await aProductOnSale(db)]
  await db.query(`update products set status = 'purged', purged_at = now() where id = $1`, [purged.id])
  const [shown, replaced] = [await anImage(kept.id, 'processing'), await anImage(kept.id, 'replaced')]
  await anImage(purged.id, 'processing')
  await put(randomUUID(), randomUUID(), 'cover.jpg')
  await put(kept.id, randomUUID(), 'thumb.jpg')
  await put('not-ours', 'cover.jpg')
  const yesterday = new Date(Date.now() - 25 * 3_600_000)
  await utimes(await put(kept.id, shown, `cover.jpg.${randomUUID()}.part`), yesterday, yesterday)
  const young = await put(kept.id, shown, `cover.jpg.${randomUUID()}.part`)
  await db.query(`update products set image_id = $2 where id = $1`, [kept.id, shown])

  assert.equal(await sweepLocal(deps, signal), 5)

  assert.deepEqual((await readdir(join(dataDir, 'images'))).toSorted(), [kept.id, 'not-ours'].toSorted())
  assert.deepEqual(await readdir(join(dataDir, 'images', kept.id)), [shown])
  assert.deepEqual(
    (await readdir(join(dataDir, 'images', kept.id, shown))).toSorted(),
    ['cover.jpg', young.split('/').at(-1) ?? ''].toSorted(),
  )
  assert.notEqual(shown, replaced)
  assert.equal(await sweepLocal(deps, signal), 0)
})

test('a disk without pictures is nothing to sweep', async () => {
  assert.equal(await sweepLocal({ ...deps, dataDir: join(dataDir, 'none') }, signal), 0)
})
