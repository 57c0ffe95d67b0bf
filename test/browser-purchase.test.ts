import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type BrowserContext, type Locator } from 'playwright-core'
import { until } from '../sandbox/infra/until.ts'
import { type World } from '../sandbox/world.ts'
import { ChatReader, openBrowser, skip } from './browser.ts'
import { orderStatus, soldFile } from './shopper.ts'
import { Album } from './picture.ts'
import { story } from './story.ts'

const products = ['TSBYEX23', 'PAGEK1T2', 'FACTVRE2', 'C0NES234']
const phone = { width: 390, height: 844 }
const alice = { id: 870_001, first_name: 'Alice', username: 'alice', language_code: 'en' }

/** From Start to the order message, as somebody who has never been here. */
async function order(reader: ChatReader, album: Album): Promise<Locator> {
  await reader.start()
  await reader.sees('Welcome to Comptoir')
  await reader.tap('Browse')
  await reader.tap('Development')
  await reader.sees('Landing Page Kit')
  await reader.tap('▶')
  const card = await reader.sees('TypeScript by Example')
  await card.locator('img.loaded:only-child').waitFor()
  await album.take(reader.page, 'choose')
  await reader.tap('Buy')
  await reader.tap('USDT')
  const message = await reader.sees('Exact amount')
  await message.locator('img.loaded:only-child').waitFor()
  await album.take(reader.page, 'pay')
  return message
}

/** Pays on the pay page what the order message says, found by the address it copies. */
async function pay(reader: ChatReader, context: BrowserContext): Promise<void> {
  await reader.tap('Copy address')
  await reader.page.getByText('Copied to the clipboard').waitFor()
  const [tab] = await Promise.all([context.waitForEvent('page'), openPayPage(reader)])
  await tab.getByRole('searchbox').focus()
  await tab.keyboard.press('ControlOrMeta+V')
  await tab.locator('[data-payment]').click()
  await tab.locator('[data-act="pay"]').click()
  await tab.locator('.payment .about .badge', { hasText: 'finished' }).waitFor()
  await tab.close()
}

async function openPayPage({ page }: ChatReader): Promise<void> {
  await page.getByRole('button', { name: 'Chat menu' }).click()
  await page.getByRole('menuitem', { name: 'Pay page' }).click()
}

async function download(reader: ChatReader, link: Locator): Promise<{ name: string; sha256: string }> {
  const [file] = await Promise.all([reader.page.waitForEvent('download'), link.click()])
  const bytes = await readFile(await file.path())
  return { name: file.suggestedFilename(), sha256: createHash('sha256').update(bytes).digest('hex') }
}

async function assertBought(world: World, reader: ChatReader, code: string): Promise<void> {
  const sold = await soldFile(world, 'TSBYEX23')
  await reader.sees(code)
  const link = reader.page.locator('a.document').last()
  assert.deepEqual(await download(reader, link), { name: sold.fileName, sha256: sold.sha256 })
  await world.settle()
  assert.equal(await orderStatus(world, code), 'delivered')
}

story(
  'somebody new buys in the browser: Start, browse, buy, a coin, the pay page, and the file is in the chat',
  async (world, t) => {
    world.telegram.addPerson(alice)
    const context = await openBrowser(t, { width: 1100, height: 860 })
    const reader = await ChatReader.open(world, context, alice.id)
    const message = await order(reader, Album.none)
    const [, code = ''] = /Order ([0-9A-Z]{10})/.exec(await message.innerText()) ?? []
    await pay(reader, context)
    await reader.sees('Your file is here')
    await assertBought(world, reader, code)

    await reader.say('/library')
    await reader.sees('TypeScript by Example')
    await reader.tap('Send me the file')
    await reader.page.locator('a.document').nth(1).waitFor()
    const sold = await soldFile(world, 'TSBYEX23')
    assert.equal((await download(reader, reader.page.locator('a.document').nth(1))).sha256, sold.sha256)
    const { rows } = await world.db.query(`select status, paid_at is not null as paid from orders`, [])
    assert.deepEqual(rows, [{ status: 'delivered', paid: true }])
  },
  { products, skip },
)

story(
  'the same purchase fits a phone: nothing is wider than the screen, and every step is within reach',
  async (world, t) => {
    world.telegram.addPerson(alice)
    const album = Album.wanted()
    const context = await openBrowser(t, { ...phone, scale: album.scale })
    const reader = await ChatReader.open(world, context, alice.id)
    await order(reader, album)
    await pay(reader, context)
    await reader.sees('Your file is here')
    assert.equal(await reader.page.evaluate('document.documentElement.scrollWidth'), phone.width)
    await until(async () => {
      const link = await reader.page.locator('a.document').boundingBox()
      assert.ok(link !== null && link.y > 0 && link.y + link.height < phone.height, 'the file is in view')
      return true
    })
    await world.settle()
    await album.take(reader.page, 'have')
    await album.save(context)
  },
  { products, skip },
)
