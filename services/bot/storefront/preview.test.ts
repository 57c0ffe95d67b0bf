import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { type PersonClient } from '../../../sandbox/telegram/person-client.ts'
import { type Preview } from '../../../shared/domain/preview.ts'
import { ObjectMissing } from '../../../shared/storage/errors.ts'
import { aRunningBot } from '../../../shared/testing/a-bot.ts'
import { aProductOnSale, type ProductOnSale } from '../../../shared/testing/a-shop.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { storefrontFeatures } from '../shop-features.ts'

async function aProductPage(t: TestContext, preview: Preview | null) {
  const { deps, emulator } = await aRunningBot(t, storefrontFeatures)
  const product = await aProductOnSale(deps.db, { title: 'A kit <b>&' })
  await setPreview(deps.db, product, preview)
  const visitor = emulator.addPerson({ first_name: 'Ada', language_code: 'en' })
  visitor.send(`/start p_${product.code}`)
  const page = await visitor.waitForMessage(({ caption }) => caption?.includes('A kit') === true)
  const key = page.keyboard?.flat().find(({ text }) => text === 'Preview')
  const press = (): string => visitor.press(page.message_id, key?.data ?? assert.fail('no button'))
  const calls = (method: string) => emulator.transcript.list().filter((call) => call.method === method)
  return { deps, product, visitor, key, press, calls }
}

const setPreview = (db: Database, { fileId }: ProductOnSale, preview: Preview | null) =>
  db.query(`update product_files set preview = $2 where id = $1`, [fileId, preview && JSON.stringify(preview)])

const says = (visitor: PersonClient, part: string) =>
  visitor.waitForMessage(({ text, caption }) => (text ?? caption ?? '').includes(part))

test('a product without a preview has no button for it', async (t) => {
  assert.equal((await aProductPage(t, null)).key, undefined)
})

test('of an archive its files are listed, in a message that cannot be forwarded', async (t) => {
  const entries = [{ name: 'kit/<plan>.pdf', sizeBytes: 2_048 }]
  const { visitor, press, calls } = await aProductPage(t, { kind: 'list', entries, more: 5 })
  press()
  const list = await says(visitor, 'Contents of')
  assert.match(list.text ?? '', /A kit <b>&[^]*kit\/<plan>\.pdf · 2[^]*and 5 more/)
  assert.equal(calls('sendMessage').at(-1)?.params['protect_content'], true)
})

test('of a document its picture is sent, protected, and uploaded only once', async (t) => {
  const bytes = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#10B981' } })
    .jpeg()
    .toBuffer()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const picture: Preview = {
    kind: 'picture',
    key: 'previews/a',
    sha256,
    sizeBytes: bytes.length,
    width: 640,
    height: 480,
  }
  const { deps, visitor, press, calls } = await aProductPage(t, picture)
  let asked = 0
  const get = (key: string): Promise<Buffer> => {
    asked += 1
    return asked === 1 ? Promise.reject(new ObjectMissing(key)) : Promise.resolve(bytes)
  }
  Object.assign(deps.bucket, { get })
  const before = calls('sendPhoto').length
  const first = press()
  const answer = await visitor.waitFor(({ answers }) => answers.find(({ callback_query_id: id }) => id === first))
  assert.match(answer.text ?? '', /^File storage is busy/)
  press()
  await says(visitor, 'Preview of')
  press()
  await visitor.waitFor(() => (calls('sendPhoto').length === before + 2 ? true : undefined))
  assert.equal(asked, 2)
  for (const { params } of calls('sendPhoto').slice(before)) assert.equal(String(params['protect_content']), 'true')
})
