import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { type Locator } from 'playwright-core'
import { form, picture } from '../testing.ts'
import { browserPath, bubble, button, openChatPage, openEmulator, type Script, startChat } from './chat-page-scene.ts'

const chat = { chat_id: 1001 }

const topOf = async (place: Locator) => (await place.boundingBox())?.y ?? Number.NaN

const row = (...buttons: Record<string, unknown>[]) => ({ inline_keyboard: [buttons] })

/** The bot shows its first product to whoever starts it, and turns the page in the same message. */
const carousel: Script = async ({ message, callback_query: query }, call) => {
  const next = row({ text: 'Next', callback_data: 'next' }, { text: 'Buy', callback_data: 'buy', style: 'success' })
  if (message?.text.startsWith('/start')) {
    const fields = { ...chat, caption: `Product 1 of 2 (${message.text})`, reply_markup: next }
    await call('sendPhoto', form('photo', await picture(640, 400), 'one.png', fields))
  }
  if (query?.data !== 'next') return
  const media = { type: 'photo', media: 'attach://two', caption: 'Product 2 of 2' }
  const fields = { ...chat, message_id: query.message.message_id, media, reply_markup: next }
  await call('editMessageMedia', form('two', await picture(400, 400), 'two.png', fields))
  await call('answerCallbackQuery', { callback_query_id: query.id, text: 'Second product' })
}

suite('the chat page', { skip: browserPath === undefined && 'there is no browser here' }, () => {
  test('a link to a product waits for the buyer to press Start, and reaches the bot once', async (t) => {
    const { page, bot, complaints } = await openChatPage(t, { script: carousel, query: '&start=p_ABCD2345' })
    await button(page, 'Start').click()
    await bubble(page, 'Product 1 of 2 (/start p_ABCD2345)').waitFor()
    await page.reload()
    await bubble(page, 'Product 1 of 2').waitFor()
    assert.deepEqual(
      bot.heard.map(({ message }) => message?.text),
      ['/start p_ABCD2345'],
    )
    assert.deepEqual(complaints, [])
  })

  test('turning the page of a carousel changes the message in place and keeps the focus on the button', async (t) => {
    const { page, complaints } = await startChat(t, { script: carousel })
    await page.locator('.picture img.loaded').waitFor()
    await button(page, 'Next').focus()
    await page.keyboard.press('Enter')
    await bubble(page, 'Product 2 of 2').waitFor()
    await page.getByRole('status').getByText('Second product').waitFor()
    await page.locator('.picture img.loaded:only-child').waitFor()
    assert.equal(await page.locator('.message.from-bot').count(), 1)
    assert.equal(await page.locator('.key:focus').textContent(), 'Next')
    await page.locator('.key.waiting').waitFor({ state: 'detached' })
    assert.deepEqual(complaints, [])
  })

  test('an edit above does not move what the buyer is reading', async (t) => {
    const { page, bot } = await startChat(t)
    const first = await bot.call('sendMessage', { ...chat, text: 'short' })
    for (let count = 0; count < 30; count += 1) await bot.call('sendMessage', { ...chat, text: `line ${count}.` })
    await bubble(page, 'line 29.').waitFor()
    await page.mouse.move(700, 400)
    await page.mouse.wheel(0, -200)
    await button(page, 'To the newest message').waitFor()
    const before = await topOf(bubble(page, 'line 20.'))
    await bot.call('editMessageText', { ...chat, message_id: first.message_id, text: 'tall\n'.repeat(40) })
    await bubble(page, 'tall').waitFor()
    await bot.call('sendMessage', { ...chat, text: 'one more' })
    await page.locator('.jump-count', { hasText: '1' }).waitFor()
    assert.ok(Math.abs((await topOf(bubble(page, 'line 20.'))) - before) < 1)
  })

  test('a button spins until the bot answers, and an alert stays until it is read', async (t) => {
    const { page, bot } = await startChat(t)
    await bot.call('sendMessage', { ...chat, text: 'Sure?', reply_markup: row({ text: 'Yes', callback_data: 'yes' }) })
    await button(page, 'Yes').click()
    await page.locator('.key.waiting', { hasText: 'Yes' }).waitFor()
    await t.waitFor(() => {
      assert.ok(bot.heard.some(({ callback_query: query }) => query?.data === 'yes'))
    })
    const id = bot.heard.at(-1)?.callback_query?.id
    await bot.call('answerCallbackQuery', { callback_query_id: id, text: 'Sold out', show_alert: true })
    await page.getByRole('alertdialog').getByText('Sold out').waitFor()
    await button(page, 'OK').click()
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' })
    await page.locator('.key.waiting').waitFor({ state: 'detached' })
  })

  test('a copy button puts exactly its text on the clipboard', async (t) => {
    const { page, bot } = await startChat(t)
    const copy = row({ text: 'Copy amount', copy_text: { text: '0.137428' } })
    await bot.call('sendMessage', { ...chat, text: 'Pay', reply_markup: copy })
    await button(page, 'Copy amount').click()
    await page.getByText('Copied to the clipboard').waitFor()
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), '0.137428')
  })

  test('a link button opens another tab, a link to the bot stays in the chat', async (t) => {
    const { page, bot, context, emulator } = await startChat(t)
    const buttons = row({ text: 'Site', url: `${emulator.url}/person/bots` })
    const link = { ...chat, parse_mode: 'HTML', text: '<a href="https://t.me/shop_bot?start=s_SHOP">Shop</a>' }
    await bot.call('sendMessage', { ...link, reply_markup: buttons })
    const [tab] = await Promise.all([context.waitForEvent('page'), button(page, 'Site').click()])
    await tab.waitForURL(/person\/bots/)
    await page.getByRole('link', { name: 'Shop' }).click()
    await bubble(page, '/start s_SHOP').waitFor()
    assert.equal(context.pages().length, 2)
  })

  test('a link to the bot works wherever it stands: pasted by the buyer, as a name, or without https', async (t) => {
    const { page, bot, context } = await startChat(t)
    const field = page.getByRole('textbox', { name: 'Message' })
    await field.fill('look: t.me/shop_bot?start=p_FIRST')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 't.me/shop_bot?start=p_FIRST' }).click()
    await bubble(page, '/start p_FIRST').waitFor()
    await bot.call('sendMessage', { ...chat, text: 'Ask @shop_bot or @nobody_at_all' })
    await page.getByRole('link', { name: '@nobody_at_all' }).click()
    await page.getByText('@nobody_at_all: nobody here has this name.').waitFor()
    await page.getByRole('link', { name: '@shop_bot' }).click()
    assert.equal(context.pages().length, 1)
  })

  test('a shared product is opened by somebody else, whose Start takes it along', async (t) => {
    const { page, bot, emulator } = await startChat(t)
    emulator.addPerson({ id: 1002, first_name: 'Bruno', language_code: 'fr' })
    await page.reload()
    const shared = new URLSearchParams({ url: 'https://t.me/shop_bot?start=p_SHARED', text: 'Nice & cheap' })
    const share = row({ text: 'Share', url: `https://t.me/share/url?${shared.toString()}` })
    await bot.call('sendMessage', { ...chat, text: 'Product', reply_markup: share })
    await button(page, 'Share').click()
    await page.getByRole('menuitem', { name: 'Open it as Bruno' }).click()
    await button(page, 'Start').click()
    await bubble(page, '/start p_SHARED').waitFor()
    await t.waitFor(() => {
      assert.deepEqual([bot.heard.at(-1)?.message?.from.id, bot.heard.at(-1)?.message?.text], [1002, '/start p_SHARED'])
    })
  })

  test('spaces, code of several lines and names written from right to left are shown as they were sent', async (t) => {
    const { page, bot, complaints } = await startChat(t)
    const text = 'a   b\n<pre><code class="language-js">if (x) {\n    pay()\n}</code></pre>\nשלום עולם'
    const sent = await bot.call('sendMessage', { ...chat, parse_mode: 'HTML', text })
    const message = page.locator(`[data-id="${sent.message_id}"] .text`)
    assert.match(await message.innerText(), /a {3}b\n[\s\S]*if \(x\) \{\n {4}pay\(\)\n\}/)
    await bot.call('sendDocument', form('document', Buffer.from('x'), 'דוח שנתי 2026.pdf', chat))
    await page.getByText('דוח שנתי 2026.pdf', { exact: true }).waitFor()
    const long = await bot.call('sendMessage', { ...chat, text: 'long '.repeat(800) })
    await page.locator(`[data-id="${long.message_id}"]`).waitFor()
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'))
    assert.deepEqual(complaints, [])
  })

  test('a purchased file downloads under its own name with all its bytes', async (t) => {
    const { page, bot } = await startChat(t)
    const bytes = Buffer.from('fonts'.repeat(5000))
    await bot.call('sendDocument', form('document', bytes, 'Été 2026.zip', { ...chat, caption: 'Yours' }))
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a.document').click()])
    assert.equal(download.suggestedFilename(), 'Été 2026.zip')
    assert.deepEqual(await readFile(await download.path()), bytes)
    assert.match(await page.locator('.document-size').innerText(), /24\.4 kB/)
  })

  test('a title full of markup is shown as it was written', async (t) => {
    const { page, bot, complaints } = await startChat(t)
    const title = '<img src=x onerror=alert(1)> & <b>"Fonts"</b>'
    await bot.call('sendMessage', { ...chat, text: title, reply_markup: row({ text: title, callback_data: 'a' }) })
    await bubble(page, title).waitFor()
    await button(page, title).waitFor()
    assert.equal(await page.locator('.text img, .text b').count(), 0)
    assert.deepEqual(complaints, [])
  })

  test('hidden text shows when pressed, and code is copied', async (t) => {
    const { page, bot } = await startChat(t)
    const text = '<tg-spoiler>SECRET</tg-spoiler> <code>7xKX</code>'
    await bot.call('sendMessage', { ...chat, parse_mode: 'HTML', text })
    await page.getByRole('button', { name: 'Hidden text' }).press('Enter')
    await page.locator('.spoiler.shown').waitFor()
    await page.locator('.text code').click()
    await page.getByText('Copied to the clipboard').waitFor()
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), '7xKX')
  })

  test('when the server goes away the page says so, and catches up when it is back', async (t) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'chat-page-data-'))
    t.after(() => rm(dataDir, { recursive: true, force: true }))
    const { page, emulator } = await startChat(t, { dataDir })
    await emulator.close()
    await page.getByText('The server cannot be reached').waitFor()
    const again = await openEmulator({ dataDir, port: emulator.port })
    t.after(() => again.close())
    again.addPerson({ id: 1001, first_name: 'Ann' }).send('written from another device')
    await bubble(page, 'written from another device').waitFor()
    await page.locator('#banner').waitFor({ state: 'hidden' })
  })
})
