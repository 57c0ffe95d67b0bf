import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Page } from 'playwright-core'
import { picture } from '../testing.ts'
import { browserPath, bubble, button, startChat } from './chat-page-scene.ts'

const dialog = (page: Page) => page.getByRole('dialog')
const send = (page: Page) => dialog(page).getByRole('button', { name: 'Send', exact: true }).click()
const text = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`what is in ${name}`) })
const photo = async (name: string, width = 300) => ({
  name,
  mimeType: 'image/png',
  buffer: await picture(width, 200),
})

/** Lets a page receive a file as if it were dropped on it or pasted into it. */
const give = (how: 'drop' | 'paste', name: string, type: string) => `(() => {
  const data = new DataTransfer()
  data.items.add(new File(['what is in ${name}'], ${JSON.stringify(name)}, { type: ${JSON.stringify(type)} }))
  const event = '${how}' === 'drop'
    ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
    : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
  document.body.dispatchEvent(event)
})()`

suite('files on the chat page', { skip: browserPath === undefined && 'there is no browser here' }, () => {
  test('a photo with its words is chosen, seen before it goes, and sent', async (t) => {
    const { page, bot } = await startChat(t)
    await page.setInputFiles('#file', await photo('receipt.png'))
    await page.getByLabel('Caption').fill('My receipt')
    await send(page)
    await bubble(page, 'My receipt').locator('img.loaded').waitFor()
    await t.waitFor(() => {
      assert.equal(bot.heard.at(-1)?.message?.caption, 'My receipt')
    })
    assert.equal(bot.heard.at(-1)?.message?.photo.at(-1)?.width, 300)
  })

  test('several pictures and files go at once: photos as an album, files apart, one left out', async (t) => {
    const { page, bot, complaints } = await startChat(t)
    const files = [await photo('front.png', 2000), text('notes.txt'), await photo('back.png'), text('no.txt')]
    await page.setInputFiles('#file', files)
    await dialog(page).getByRole('button', { name: 'Leave out no.txt' }).click()
    await page.getByLabel('Caption').fill('Two pages')
    await page.keyboard.press('Enter')
    await page.locator('a.document', { hasText: 'notes.txt' }).waitFor()
    await t.waitFor(() => {
      assert.equal(bot.heard.length, 4)
    })
    const [first, second, third] = bot.heard.slice(1).map(({ message }) => message)
    assert.ok(first?.media_group_id)
    assert.equal(second?.media_group_id, first.media_group_id)
    assert.deepEqual([first.caption, first.photo.at(-1)?.width, second.photo.at(-1)?.width], ['Two pages', 1280, 300])
    assert.equal(third?.document.file_name, 'notes.txt')
    assert.deepEqual(complaints, [])
  })

  test('pictures can go as the files they are, each by itself', async (t) => {
    const { page, bot } = await startChat(t)
    await page.setInputFiles('#file', [await photo('a.png', 2000), await photo('b.png')])
    await dialog(page).getByText('Send pictures as photos').click()
    await dialog(page).getByText('Send together').click()
    await send(page)
    await t.waitFor(() => {
      assert.equal(bot.heard.length, 3)
    })
    const sent = bot.heard.slice(1).map(({ message }) => message)
    assert.deepEqual(
      sent.map((message) => message?.document.file_name),
      ['a.png', 'b.png'],
    )
    assert.ok(sent.every((message) => message !== undefined && !('media_group_id' in message)))
  })

  test('a file is dropped on the page, another joins it from the clipboard, and names stay as they are', async (t) => {
    const { page, bot } = await startChat(t)
    await page.evaluate(give('drop', 'a "quoted" 50%.pdf', 'application/pdf'))
    await page.evaluate(give('paste', 'pasted.txt', 'text/plain'))
    await dialog(page).getByText('Send files (2)').waitFor()
    await send(page)
    await t.waitFor(() => {
      assert.equal(bot.heard.length, 3)
    })
    assert.deepEqual(
      bot.heard.slice(1).map(({ message }) => message?.document.file_name),
      ['a "quoted" 50%.pdf', 'pasted.txt'],
    )
  })

  test('what is being sent can be stopped, and the next one goes on', async (t) => {
    const { page, bot, person } = await startChat(t)
    const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>()
    await page.route(
      '**/files',
      async (route) => {
        await stopped
        await route.abort()
      },
      { times: 1 },
    )
    for (const name of ['slow.txt', 'next.txt']) {
      await page.setInputFiles('#file', text(name))
      await send(page)
    }
    const slow = page.locator('.upload', { hasText: 'slow.txt' })
    await slow.getByRole('progressbar').waitFor()
    await slow.getByRole('button', { name: 'Stop sending' }).click()
    await bubble(page, 'next.txt').waitFor()
    stop(undefined)
    await page.locator('.upload').waitFor({ state: 'detached' })
    await t.waitFor(() => {
      assert.equal(bot.heard.at(-1)?.message?.document.file_name, 'next.txt')
    })
    assert.ok(!person.chat().messages.some(({ document }) => document?.file_name === 'slow.txt'))
  })

  test('what could not be sent says why and is sent again on demand', async (t) => {
    const { page } = await startChat(t)
    await page.route('**/files', (route) => route.abort(), { times: 1 })
    await page.setInputFiles('#file', text('again.txt'))
    await send(page)
    await page.getByRole('alert').getByText('again.txt: it could not be sent.').waitFor()
    await button(page, 'Try again').click()
    await bubble(page, 'again.txt').waitFor()
    await page.locator('.upload').waitFor({ state: 'detached' })
  })

  test('an empty file is refused before it is sent', async (t) => {
    const { page } = await startChat(t)
    await page.setInputFiles('#file', { name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) })
    await page.getByRole('alert').getByText('nothing.txt: this file is empty.').waitFor()
    assert.equal(await dialog(page).count(), 0)
  })
})
