import assert from 'node:assert/strict'
import { until } from '../sandbox/infra/until.ts'
import { type World } from '../sandbox/world.ts'
import { buttonData } from '../services/bot/buttons.ts'
import { removeObjects } from '../services/janitor/chores/remove-objects.ts'
import { runChore } from '../services/janitor/run-chore.ts'
import { type PublicCode } from '../shared/domain/public-code.ts'
import { answerTo, forgePress } from '../shared/testing/a-chat.ts'
import { keysIn } from '../shared/testing/a-stocked-shop.ts'
import { choreDeps } from '../shared/testing/chore-deps.ts'
import { giantPng, svg, windowsProgram, zipBomb } from './hostile-files.ts'
import { openShop, toPrice, whatToSell } from './seller.ts'
import { Shopper, wordsOf } from './shopper.ts'
import { story } from './story.ts'

/**
 * Everything that is kept for anybody. What was refused adds no more than a line that says so; pictures we draw ourselves
 * come and go.
 */
async function whatIsKept({ db, store }: World): Promise<object> {
  const { rows } = await db.query(
    `select (select json_agg(json_build_array(code, status, title, price_cents) order by code) from products) as "products",
            (select count(*)::int from product_files where state <> 'rejected') as "files",
            (select count(*)::int from images where state <> 'rejected' and source = 'sent') as "pictures",
            (select coalesce(sum(used_bytes + reserved_bytes + retained_bytes), 0)::text from sellers) as "room",
            (select count(*)::int from upload_sessions where state in ('open', 'completing')) as "uploads"`,
  )
  const { rows: drawn } = await db.query<{ id: string }>(`select id from images where source = 'drawn'`)
  const pictures = (await keysIn(store, 'images/')).filter((key) => !drawn.some(({ id }) => key.includes(id)))
  return { rows, objects: [...(await keysIn(store, 'originals/')), ...pictures] }
}

/** Objects of what was refused are removed by the janitor; then everything is as it was. */
async function assertNothingStays(world: World, before: object): Promise<void> {
  const deps = choreDeps(world.db, { bucket: world.store, dataDir: world.environment['DATA_DIR'] ?? '' })
  await until(async () => {
    await runChore(deps, removeObjects, { dryRun: false, found: () => undefined })
    assert.deepEqual(await whatIsKept(world), before)
    return true
  })
}

/** A new shop and its first product, up to the question for the price. */
async function openToPrice(seller: Shopper): Promise<void> {
  await openShop(seller)
  await toPrice(seller)
}

/** Does something, and waits for these words below everything that was in the chat before, or on a screen drawn anew. */
async function answered(seller: Shopper, doing: () => unknown, ...words: string[]): Promise<void> {
  const before = new Map(seller.client.chat().messages.map((message) => [message.message_id, wordsOf(message)]))
  await seller.world.db.query('delete from rate_buckets') // between two of these a person takes their time
  await doing()
  for (const part of words) {
    await seller.client.waitForMessage(
      (message) => wordsOf(message).includes(part) && before.get(message.message_id) !== wordsOf(message),
      30_000,
    )
  }
}

const saying = (seller: Shopper, text: string) => () => {
  seller.say(text)
}

const prices = { NaN: 'cannot read a price', '-5': 'cannot be negative', '1e3': 'cannot read a price' }

story('a hostile price or picture is refused in words, and nothing of it stays', async (world) => {
  const { photo } = await whatToSell()
  const mallory = new Shopper(world, 'Mallory')
  await openToPrice(mallory)
  const atPrice = await whatIsKept(world)
  for (const [price, words] of Object.entries(prices)) await answered(mallory, saying(mallory, price), words)
  await assertNothingStays(world, atPrice)
  await answered(mallory, saying(mallory, '9,99'), 'Price: $9.99', 'A cover picture?')

  const before = await whatIsKept(world)
  const send = (name: string, bytes: Buffer) => () => mallory.client.sendFile({ name, bytes })
  await answered(mallory, send('cover.svg', svg), 'not a JPG, PNG or WebP')
  const pictures: readonly (readonly [name: string, bytes: Buffer, words: string])[] = [
    ['cover.png', svg, 'could not be used: this is not a JPG'],
    ['cover.png', giantPng(), 'could not be used: the picture is too large'],
    ['cover.jpg', photo.subarray(0, Math.floor(photo.length / 2)), 'could not be used: the picture is damaged'],
  ]
  for (const [name, bytes, words] of pictures) {
    await answered(mallory, send(name, bytes), 'The file to sell', words)
    await answered(mallory, () => mallory.tap('Back'), 'A cover picture?', 'Picture refused')
  }
  await assertNothingStays(world, before)
})

story(
  'a hostile file is refused in words and not kept; an honest one with a hostile name is sold by a clean one',
  async (world) => {
    const { pdf } = await whatToSell()
    const mallory = new Shopper(world, 'Mallory')
    const send = (name: string, bytes: Buffer) => () => mallory.client.sendFile({ name, bytes })
    await openToPrice(mallory)
    await answered(mallory, saying(mallory, '12'), 'A cover picture?')
    await answered(mallory, () => mallory.tap('Skip'), 'The file to sell')
    const before = await whatIsKept(world)
    await answered(mallory, send('setup.pdf.exe', windowsProgram), 'programs and executable scripts cannot be sold')
    await answered(
      mallory,
      send('guide\u202efdp.exe', windowsProgram),
      'programs and executable scripts cannot be sold',
    )
    await answered(mallory, send('README', pdf), 'has no extension')
    await answered(mallory, send('large.zip', Buffer.alloc(21 * 1024 * 1024)), 'Telegram hands over only what fits')
    await assert.rejects(send('empty.pdf', Buffer.alloc(0)), /empty/, 'no client of Telegram sends such a file')
    await assertNothingStays(world, before)

    const lying: readonly (readonly [name: string, bytes: Buffer, words: string])[] = [
      ['guide.pdf', windowsProgram, 'contains a program under another name'],
      ['guide.pdf', svg, 'the content does not match'],
      ['guides.zip', zipBomb(), 'unfolds to an outrageous size'],
      ['guides.zip', zipBomb().subarray(0, 60), 'the archive is damaged'],
    ]
    for (const [name, bytes, words] of lying) {
      await answered(mallory, send(name, bytes), 'This is what your buyers will see', `did not pass the checks: `)
      await answered(mallory, () => mallory.tap('Refresh'), 'File refused', words)
    }
    await assertNothingStays(world, before)

    await answered(mallory, send('../../"My\n\u202eguide".pdf', pdf), 'My guide.pdf')
    await mallory.tap('Publish')
    await mallory.sees('is on sale', 30_000)
    const { rows } = await world.db.query(
      `select f.file_name as name from product_files f join products p on p.current_file_id = f.id where p.seller_id = $1`,
      [BigInt(mallory.id)],
    )
    assert.deepEqual(rows, [{ name: 'My guide.pdf' }])
  },
)

/** The link to the upload page that is on the screen. */
async function uploadToken(seller: Shopper): Promise<string> {
  await answered(seller, () => seller.tap('Upload page'), 'good for 48 hours')
  const screen = await seller.sees('good for 48 hours')
  const link = screen.keyboard?.flat().find(({ url }) => url?.includes('/u#') === true)?.url ?? assert.fail('no link')
  return new URL(link).hash.slice(1)
}

story('the draft and the upload of another seller are absent, by every button and every address', async (world) => {
  const [mallory, eve] = [new Shopper(world, 'Mallory'), new Shopper(world, 'Eve')]
  for (const seller of [mallory, eve]) {
    await openToPrice(seller)
    await answered(seller, saying(seller, '12'), 'A cover picture?')
    await answered(seller, () => seller.tap('Skip'), 'The file to sell')
  }
  const { rows } = await world.db.query<{ code: PublicCode }>(`select code from products where seller_id = $1`, [
    BigInt(mallory.id),
  ])
  const product = rows[0]?.code ?? assert.fail('no draft')
  const [token, other] = [await uploadToken(mallory), await uploadToken(eve)]
  const call = async (bearer: string, method: string, path = '', payload?: object) => {
    const headers = { authorization: `Bearer ${bearer}` }
    const json = { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(payload) }
    const sent = payload === undefined ? { headers } : json
    const answer = await fetch(`${world.publicUrl}/api/uploads${path}`, { method, ...sent })
    return { status: answer.status, json: (await answer.json()) as { id?: string; error?: { code: string } } }
  }
  const empty = await call(token, 'POST', '', { file_name: 'a.pdf', size: 0 })
  assert.deepEqual([empty.status, empty.json.error?.code], [400, 'empty'])
  const opened = await call(token, 'POST', '', { file_name: 'film.mp4', size: 30_000_000 })
  assert.equal(opened.status, 201)
  const before = await whatIsKept(world)

  const id = `/${opened.json.id ?? ''}`
  const sha256 = 'a'.repeat(64)
  for (const answer of [
    await call(other, 'GET', id),
    await call(other, 'POST', `${id}/parts`, { numbers: [1] }),
    await call(other, 'POST', `${id}/complete`, { parts: [{ number: 1, etag: 'x' }], sha256 }),
    await call(other, 'DELETE', id),
  ])
    assert.deepEqual([answer.status, answer.json.error?.code], [404, 'not_found'])
  assert.equal((await call('no-such-token', 'GET', id)).status, 403)

  const bot = { id: BigInt(/^\d+/.exec(world.environment['TELEGRAM_BOT_TOKEN'] ?? '')?.[0] ?? '') }
  const buttons = [
    buttonData('myProduct', { product }),
    buttonData('continueDraft', { product }),
    buttonData('editField', { product, field: 'price' }),
    buttonData('deleteProduct', { product }),
    buttonData('deleteNow', { product }),
  ]
  for (const data of buttons) {
    await world.db.query('delete from rate_buckets')
    const press = await forgePress({ deps: { db: world.db, bot } }, eve.client, data)
    assert.match(answerTo({ emulator: world.telegram }, press), /not there any more/, data)
  }
  assert.deepEqual(await whatIsKept(world), before)
})
