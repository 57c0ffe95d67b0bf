import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Page } from 'playwright-core'
import { picture } from '../testing.ts'
import { browserPath, bubble, button, startChat } from './chat-page-scene.ts'

const menuItem = (page: Page, name: string) => page.getByRole('menuitem', { name })
const countShifts = `
  window.shiftCount = 0
  new PerformanceObserver((list) => { window.shiftCount += list.getEntries().length }).observe({ type: 'layout-shift' })`
const phone = { width: 390, height: 844 }

suite('what a person does on the chat page', { skip: browserPath === undefined && 'there is no browser here' }, () => {
  test('the commands of the bot are found by typing and chosen without a mouse', async (t) => {
    const { page, bot } = await startChat(t)
    const commands = [
      { command: 'library', description: 'What I own' },
      { command: 'language', description: 'Language' },
    ]
    await bot.call('setMyCommands', { commands })
    await page.reload()
    await page.getByRole('textbox', { name: 'Message' }).pressSequentially('/la')
    await page.getByRole('option', { name: 'What I own' }).waitFor({ state: 'detached' })
    await page.getByRole('option', { name: 'Language' }).waitFor()
    assert.equal(await page.getByRole('option').count(), 1)
    await page.keyboard.press('Enter')
    await bubble(page, '/language').waitFor()
    assert.equal(await page.getByRole('textbox', { name: 'Message' }).inputValue(), '')
  })

  test('somebody new can be added and has a chat of their own', async (t) => {
    const { page, emulator } = await startChat(t, { viewport: phone })
    await page.getByRole('button', { name: /you are Ann/ }).click()
    await button(page, 'Add a person').click()
    await page.getByLabel('First name').fill('Zoé')
    await page.getByLabel('Language of').selectOption('fr')
    await button(page, 'Add').click()
    await page.getByRole('button', { name: /you are Zoé/ }).waitFor()
    await button(page, 'Start').waitFor()
    assert.equal(await page.locator('.message').count(), 0)
    const added = emulator.world.people.list().at(-1)
    assert.ok(added !== undefined)
    assert.equal(added.language_code, 'fr')
    assert.equal(new URL(page.url()).searchParams.get('person'), String(added.id))
  })

  test('a blocked bot cannot be written to until it is unblocked', async (t) => {
    const { page, person } = await startChat(t)
    await button(page, 'Chat menu').click()
    await menuItem(page, 'Block the bot').click()
    await button(page, 'Unblock and go on').waitFor()
    assert.equal(person.chat().blocked, true)
    await button(page, 'Unblock and go on').click()
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    assert.equal(person.chat().blocked, false)
  })

  test('a message that is deleted is gone for both, and a reply shows what it answers', async (t) => {
    const { page, bot, person } = await startChat(t)
    await bot.call('sendMessage', { chat_id: 1001, text: 'Any questions?' })
    await bubble(page, 'Any questions?').hover()
    await bubble(page, 'Any questions?').getByRole('button', { name: 'Message menu' }).click()
    await menuItem(page, 'Reply').click()
    await page.getByRole('textbox', { name: 'Message' }).fill('Yes, two')
    await page.keyboard.press('Enter')
    await page.locator('.reply', { hasText: 'Any questions?' }).waitFor()
    await bubble(page, '/start').click({ button: 'right' })
    await menuItem(page, 'Delete for both').click()
    await bubble(page, '/start').waitFor({ state: 'detached' })
    assert.ok(!person.chat().messages.some(({ text }) => text === '/start'))
  })

  test('on a phone nothing is wider than the screen, and nothing jumps while a picture loads', async (t) => {
    const { page, bot } = await startChat(t, { viewport: phone })
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>()
    await page.route('**/person/files/**', async (route) => {
      await released
      await route.continue()
    })
    const long = 'https://example.org/' + 'a'.repeat(300)
    const form = new FormData()
    form.set('chat_id', '1001')
    form.set('caption', long)
    form.set('photo', new Blob([new Uint8Array(await picture(1600, 400))]), 'wide.png')
    await bot.call('sendPhoto', form)
    await page.locator('.picture').waitFor()
    await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))')
    const place = await page.locator('.picture').boundingBox()
    await page.evaluate(countShifts)
    release(undefined)
    await page.locator('.picture img.loaded').waitFor()
    assert.deepEqual(await page.locator('.picture').boundingBox(), place)
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), phone.width)
    assert.equal(await page.evaluate('window.shiftCount'), 0)
  })
})
