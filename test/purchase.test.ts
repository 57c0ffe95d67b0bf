import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { linkOf, orderStatus, Shopper, soldFile, wordsOf } from './shopper.ts'
import { story } from './story.ts'

story('a buyer pays exactly and has the file in the order message seconds later', async (world) => {
  const alice = new Shopper(world)
  const { paymentId, orderCode, message } = await alice.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'pay' })

  const file = await alice.seesFile()
  const sold = await soldFile(world, 'TSBYEX23')
  assert.equal(file.message_id, message.message_id, 'the order message became the file')
  assert.equal(await alice.sha256Of(file), sold.sha256)
  assert.equal(file.document?.file_name, sold.fileName)
  await alice.sees('Your file is here')
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'delivered')
  assert.equal(alice.files().length, 1)
})

story('the library lists what was bought and sends it again, as often as asked', async (world) => {
  const alice = new Shopper(world)
  const { paymentId } = await alice.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'pay' })
  await alice.seesFile()
  await world.settle()

  alice.say('/library')
  await alice.sees('$14.99')
  await alice.tap('Send me the file')
  await alice.client.waitFor(() => alice.files().length === 2, 20_000)
  await world.settle()
  const sold = await soldFile(world, 'TSBYEX23')
  for (const file of alice.files()) assert.equal(await alice.sha256Of(file), sold.sha256)
})

story('a free product is one tap away, without fee, payment or ledger line', async (world) => {
  const bruno = new Shopper(world, 'Bruno', 'fr')
  bruno.say('/start p_FACTVRE2')
  await bruno.tap('Gratuit')
  const file = await bruno.seesFile()
  assert.equal(await bruno.sha256Of(file), (await soldFile(world, 'FACTVRE2')).sha256)
  await world.settle()
  const { rows } = await world.db.query(
    `select (select count(*)::int from payments) as payments, (select count(*)::int from ledger_entries) as entries`,
    [],
  )
  assert.deepEqual(rows, [{ payments: 0, entries: 0 }])
})

story('the amount, the address and the buttons of the order message agree to the digit', async (world) => {
  const alice = new Shopper(world)
  const { paymentId, message } = await alice.order('TSBYEX23')
  const copies = message.keyboard?.flat().flatMap(({ copy }) => copy ?? []) ?? []
  const payment = world.nowPayments.payment(paymentId)
  assert.equal(copies.length, 2)
  for (const copy of copies) assert.ok(wordsOf(message).includes(copy), `the caption lacks ${copy}`)
  assert.equal(copies[1], payment.payAddress)
  assert.ok(Number(copies[0]) >= Number(payment.payAmount), 'never less than NOWPayments asked for')
  assert.ok(message.photo, 'the QR picture is there')
})

story(
  'a product above 50 MB comes as a link, and the page behind it hands out the very bytes',
  async (world) => {
    const chloe = new Shopper(world, 'Chloé', 'en')
    const { paymentId } = await chloe.order('AVR0RA23')
    world.nowPayments.act(paymentId, { action: 'pay' })
    const message = await chloe.sees('too large for Telegram', 40_000)
    const pathname = linkOf(message) ?? 'no link'

    const page = await fetch(world.publicUrl + pathname)
    assert.equal(page.status, 200)
    assert.match(await page.text(), /Aurora/)
    const pressed = await fetch(world.publicUrl + pathname, { method: 'POST', redirect: 'manual' })
    assert.equal(pressed.status, 303)
    const file = await fetch(pressed.headers.get('location') ?? '')
    assert.match(file.headers.get('content-disposition') ?? '', /attachment/)
    const digest = createHash('sha256')
    for await (const chunk of file.body ?? []) digest.update(chunk as Uint8Array)
    assert.equal(digest.digest('hex'), (await soldFile(world, 'AVR0RA23')).sha256)
  },
  { products: ['AVR0RA23'] },
)
