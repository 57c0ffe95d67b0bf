import assert from 'node:assert/strict'
import { until } from '../sandbox/infra/until.ts'
import { type World } from '../sandbox/world.ts'
import { openShop, publish, sha256, whatToSell } from './seller.ts'
import { Shopper } from './shopper.ts'
import { story } from './story.ts'

/** Their product as the tables know it. */
async function productOf({ db }: World, seller: Shopper) {
  const { rows } = await db.query<{
    code: string
    status: string
    sha256: string
    imageSource: string
    hasPreview: boolean
  }>(
    `select p.code, p.status, f.sha256, i.source as "imageSource", f.preview is not null as "hasPreview"
       from products p
       join product_files f on f.id = p.current_file_id
       join images i on i.id = p.image_id
      where p.seller_id = $1`,
    [BigInt(seller.id)],
  )
  return rows[0]
}

async function buy(world: World, buyer: Shopper, productCode: string): Promise<void> {
  const { paymentId } = await buyer.order(productCode)
  world.nowPayments.act(paymentId, { action: 'pay' })
  await buyer.seesFile()
  await world.settle()
}

story('somebody opens a shop, sells a guide, and its buyer has the very bytes, then the new version', async (world) => {
  const { photo, pdf } = await whatToSell()
  const camille = new Shopper(world, 'Camille')
  await openShop(camille)
  await publish(camille, { photo, file: pdf })
  const product = (await productOf(world, camille)) ?? assert.fail('nothing is on sale')
  assert.deepEqual([product.status, product.sha256, product.imageSource], ['active', sha256(pdf), 'sent'])

  const bruno = new Shopper(world, 'Bruno')
  await buy(world, bruno, product.code)
  const [file = assert.fail('no file')] = bruno.files()
  assert.equal(await bruno.sha256Of(file), sha256(pdf))
  assert.equal(file.document?.file_name, 'guide.pdf')
  await camille.sees('Sold!')

  const second = Buffer.concat([pdf, Buffer.from('\n% a second edition\n')])
  camille.say('/sell')
  await camille.tap('My products')
  await camille.tap('Edit')
  await camille.tap('File')
  await camille.sees('What is new')
  camille.say('A chapter about tides')
  await camille.sees('The file to sell')
  await world.db.query(`update product_files set created_at = created_at - interval '2 hours'`) // one version an hour
  await camille.client.sendFile({ name: 'guide.pdf', bytes: second })
  await bruno.sees('A chapter about tides', 30_000)
  bruno.say('/library')
  await bruno.tap('Send me the file')
  await bruno.client.waitFor(() => bruno.files().length === 2, 20_000)
  const newest = bruno.files().at(-1) ?? assert.fail('no file')
  assert.equal(await bruno.sha256Of(newest), sha256(second))
})

story('a program under the name of a document is refused in words, and the product stays a draft', async (world) => {
  const { photo } = await whatToSell()
  const mallory = new Shopper(world, 'Mallory')
  await openShop(mallory)
  const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(4096, 1)])
  await mallory.sees('What is the title')
  mallory.say('An innocent guide')
  await mallory.sees('Describe it')
  mallory.say('Nothing to see here, it is only a document.')
  await mallory.tap('Business')
  await mallory.sees('What is its price')
  mallory.say('20')
  await mallory.sees('A cover picture?')
  await mallory.client.sendFile({ kind: 'photo', name: 'sea.jpg', bytes: photo })
  await mallory.sees('The file to sell')
  await mallory.client.sendFile({ name: 'setup.exe', bytes: program })
  await mallory.sees('programs and executable scripts cannot be sold here')
  await mallory.client.sendFile({ name: 'guide.pdf', bytes: program })
  await mallory.tap('Publish')
  await mallory.sees('did not pass the checks')
  const { rows } = await world.db.query(`select status from products where seller_id = $1`, [BigInt(mallory.id)])
  assert.deepEqual(rows, [{ status: 'draft' }])
  // the janitor may remove one between a look at the bucket and one at the tables
  await until(async () => {
    await assertNoStrays(world)
    return true
  })
})

/** Every object is that of a file on sale, or waits to be removed. */
async function assertNoStrays({ db, store }: World): Promise<void> {
  for await (const { key } of store.list('originals/')) {
    const { rowCount } = await db.query(
      `select from product_files where object_key = $1 and state = 'ready'
        union all
       select from objects_to_remove where object_key = $1`,
      [key],
    )
    assert.equal(rowCount, 1, `${key} is nobody's`)
  }
}
