import assert from 'node:assert/strict'
import { administrator } from '../sandbox/people.ts'
import { type World } from '../sandbox/world.ts'
import { orderStatus, Shopper, soldFile } from './shopper.ts'
import { story } from './story.ts'

/** The object of a product's file, and what is in it. */
async function originalOf({ db, store }: World, productCode: string) {
  const { rows } = await db.query<{ key: string; size: bigint; sha256: string; contentType: string }>(
    `select f.object_key as key, f.size_bytes as size, f.sha256, f.content_type as "contentType"
       from products p
       join product_files f on f.id = p.current_file_id
      where p.code = $1`,
    [productCode],
  )
  const [file] = rows
  assert.ok(file)
  const bytes = await store.get(file.key, { sizeBytes: Number(file.size), sha256: file.sha256 })
  return { ...file, bytes }
}

story('a file that could not be delivered is repaired and sent by an administrator from the chat', async (world) => {
  const dominique = new Shopper(world, 'Dominique', 'fr', administrator.id)
  dominique.say('/start')
  await dominique.sees('Bienvenue')
  const { key, bytes, contentType } = await originalOf(world, 'TSBYEX23')
  await world.store.put(key, Buffer.alloc(bytes.length, 7), { contentType })

  const alice = new Shopper(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'pay' })
  await alice.sees('A person is on it')
  assert.equal(alice.files().length, 0, 'a wrong file is never sent')
  await dominique.sees(orderCode)

  await world.store.put(key, bytes, { contentType })
  await dominique.tap('Administration')
  await dominique.tap('Livraisons · 1')
  await dominique.sees('1. ·')
  await dominique.tap('1')
  await dominique.sees('Depuis')
  await dominique.tap('Renvoyer')
  const file = await alice.seesFile()
  assert.equal(await alice.sha256Of(file), (await soldFile(world, 'TSBYEX23')).sha256)
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'delivered')
  assert.equal(alice.files().length, 1)

  dominique.say(`/admin ${orderCode}`)
  await dominique.sees('Commande passée')
  dominique.say(`/admin ${paymentId}`)
  await dominique.sees('Page 1')
})
