import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../sandbox/infra/until.ts'
import { type World } from '../sandbox/world.ts'
import { type Chore } from '../services/janitor/chore.ts'
import { purgeProducts } from '../services/janitor/chores/purge-products.ts'
import { removeObjects } from '../services/janitor/chores/remove-objects.ts'
import { runChore } from '../services/janitor/run-chore.ts'
import { deleteProduct, type Deletion } from '../shared/db/delete-product.ts'
import { inTransaction } from '../shared/db/pool.ts'
import { type PersonId, type ProductId } from '../shared/domain/ids.ts'
import { type PublicCode } from '../shared/domain/public-code.ts'
import { keysIn } from '../shared/testing/a-stocked-shop.ts'
import { choreDeps } from '../shared/testing/chore-deps.ts'
import { orderStatus, Shopper, soldFile } from './shopper.ts'
import { story } from './story.ts'

const code = 'TSBYEX23' as PublicCode

type Owned = { readonly id: ProductId; readonly seller: PersonId }

async function productOf(world: World): Promise<Owned> {
  const { rows } = await world.db.query<Owned>(`select id, seller_id as seller from products where code = $1`, [code])
  return rows[0] ?? assert.fail('no product')
}

async function deletedBySeller(world: World): Promise<Deletion> {
  const { seller } = await productOf(world)
  return inTransaction(world.db, (tx) => deleteProduct(tx, seller, code))
}

async function byHand(
  world: World,
  chore: Chore,
  { dryRun = false } = {},
): Promise<{ changed: number; found: string[] }> {
  const found: string[] = []
  const dataDir = world.environment['DATA_DIR'] ?? ''
  const deps = choreDeps(world.db, { bucket: world.store, dataDir })
  // the janitor of this world may be at it just now
  const { changed } = await until(() => runChore(deps, chore, { dryRun, found: (what) => found.push(what) }))
  return { changed, found }
}

const localFilesOf = (world: World, { id }: Owned): Promise<string[]> =>
  readdir(join(world.environment['DATA_DIR'] ?? '', 'images', id), { recursive: true }).catch(() => [])

/** Cover and thumbnail: media is through with them, and writes no other beside what is removed. */
const untilPicturesAreHere = (world: World, product: Owned): Promise<true> =>
  until(async () => {
    const files = await localFilesOf(world, product)
    return files.filter((name) => name.endsWith('.jpg')).length === 2 || undefined
  })

const objectsOf = async (world: World, { id }: Owned): Promise<string[]> => [
  ...(await keysIn(world.store, `originals/${id}/`)),
  ...(await keysIn(world.store, `images/${id}/`)),
]

async function buys(world: World, buyer: Shopper): Promise<void> {
  const { paymentId } = await buyer.order(code)
  world.nowPayments.act(paymentId, { action: 'pay' })
  await buyer.seesFile()
  await world.settle()
}

story('a buyer keeps the file of a product its seller deleted, and nobody else sees it any more', async (world) => {
  const alice = new Shopper(world)
  await buys(world, alice)
  assert.equal(await deletedBySeller(world), 'hidden')

  alice.say('/library')
  await alice.tap('Send me the file')
  await alice.client.waitFor(() => alice.files().length === 2, 20_000)
  const sold = await soldFile(world, code)
  for (const file of alice.files()) assert.equal(await alice.sha256Of(file), sold.sha256)

  const bruno = new Shopper(world, 'Bruno')
  bruno.say(`/start p_${code}`)
  await bruno.sees('no longer')
  await world.settle()
})

story('an order that was open when its product was deleted may still be paid, and brings the file', async (world) => {
  const alice = new Shopper(world)
  const { paymentId, orderCode } = await alice.order(code)
  assert.equal(await deletedBySeller(world), 'hidden')
  world.nowPayments.act(paymentId, { action: 'pay' })
  const file = await alice.seesFile()
  assert.equal(await alice.sha256Of(file), (await soldFile(world, code)).sha256)
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'delivered')
})

story('a product nobody ordered is deleted without leaving a row, an object or a local file', async (world) => {
  const product = await productOf(world)
  await untilPicturesAreHere(world, product)
  assert.equal((await objectsOf(world, product)).length, 3)
  assert.equal(await deletedBySeller(world), 'removed')
  await byHand(world, removeObjects)
  await until(async () => ((await objectsOf(world, product)).length === 0 ? true : undefined))
  await until(async () => ((await localFilesOf(world, product)).length === 0 ? true : undefined))
  const { rows } = await world.db.query<{ rows: number }>(
    `select (select count(*)::int from products where id = $1) + (select count(*)::int from product_files where product_id = $1)
            + (select count(*)::int from images where product_id = $1) as rows`,
    [product.id],
  )
  assert.deepEqual(rows, [{ rows: 0 }])
})

story(
  'a dry purge only tells; the purge leaves a tombstone, and the buyer still has the file sent again',
  async (world) => {
    const alice = new Shopper(world)
    await buys(world, alice)
    const product = await productOf(world)
    await untilPicturesAreHere(world, product)
    await deletedBySeller(world)
    const sold = await soldFile(world, code)
    const long = `now() - interval '91 days'`
    await world.db.query(`update products set deleted_at = ${long} where id = $1`, [product.id])
    await world.db.query(`update orders set created_at = ${long} where product_id = $1`, [product.id])

    const before = await objectsOf(world, product)
    const dry = await byHand(world, purgeProducts, { dryRun: true })
    assert.deepEqual([dry.found, dry.changed], [[`product ${code}`], 0])
    assert.deepEqual(await objectsOf(world, product), before)

    assert.deepEqual(await byHand(world, purgeProducts), { changed: 1, found: [`product ${code}`] })
    assert.equal((await objectsOf(world, product)).length, 1, 'what somebody bought')
    assert.deepEqual(await localFilesOf(world, product), [])
    await world.db.query(`delete from telegram_files`)
    alice.say('/library')
    await alice.tap('Send me the file')
    await alice.client.waitFor(() => alice.files().length === 2, 20_000)
    for (const file of alice.files()) assert.equal(await alice.sha256Of(file), sold.sha256)
    await world.settle()
  },
  { without: ['janitor'] }, // it purges as well when its hour comes
)
