import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { form, picture, type Scene, startScene } from './testing.ts'

/** All that the page's API answers, in one type: a test looks at what it expects. */
type Seen = {
  error: string
  username: string
  first_name: string
  color: string
  html: string
  type: string
  text: string
  started: boolean
  blocked: boolean
  typing: string | null
  commands: { description: string }[]
  menu_button: object
  document: { file_id: string }
  message: { html: string }
}

async function ask(
  { emulator }: Scene,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Seen & Seen[] }> {
  const isForm = body instanceof FormData
  const headers = body === undefined || isForm ? {} : { 'content-type': 'application/json' }
  const content = body === undefined ? null : isForm ? body : JSON.stringify(body)
  const response = await fetch(emulator.url + path, { method, body: content, headers })
  const text = await response.text()
  return { status: response.status, body: JSON.parse(text === '' ? '{}' : text) as Seen & Seen[] }
}

const chat = '/person/chats/1001/42'

function folder(t: TestContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'telegram-test-'))
  t.after(() => {
    rmSync(made, { recursive: true, force: true })
  })
  return made
}

test('the page sees bots, people and a chat', async (t) => {
  const scene = await startScene(t)
  await scene.call('setMyCommands', { commands: [{ command: 'start', description: 'Open the shop' }] })
  await scene.call('setMyCommands', { commands: [{ command: 'start', description: 'Ouvrir' }], language_code: 'fr' })
  const bots = await ask(scene, 'GET', '/person/bots')
  assert.deepEqual([bots.body[0]?.username, bots.body[0]?.commands[0]?.description], ['shop_bot', 'Open the shop'])
  const added = await ask(scene, 'POST', '/person/people', { first_name: 'Zoé', language_code: 'fr' })
  assert.deepEqual([added.status, added.body.first_name], [201, 'Zoé'])
  assert.match(added.body.color, /^#[0-9a-f]{6}$/)
  const { body } = await ask(scene, 'GET', chat)
  assert.deepEqual([body.started, body.blocked, body.typing], [true, false, null])
  assert.equal(body.commands[0]?.description, 'Ouvrir')
  assert.deepEqual(body.menu_button, { type: 'commands' })
})

test('the page writes, presses, deletes, blocks and unblocks', async (t) => {
  const scene = await startScene(t)
  const sent = await ask(scene, 'POST', `${chat}/messages`, { text: 'hi <b>' })
  assert.deepEqual([sent.status, sent.body.html], [201, 'hi &lt;b&gt;'])
  await scene.say('sendMessage', {
    text: 'x',
    reply_markup: { inline_keyboard: [[{ text: 'Buy', callback_data: 'b' }]] },
  })
  const pressed = await ask(scene, 'POST', `${chat}/press`, { message_id: 3, data: 'b' })
  assert.equal(pressed.status, 202)
  assert.equal((await ask(scene, 'POST', `${chat}/press`, { message_id: 3, data: 'gone' })).status, 409)
  assert.equal((await ask(scene, 'DELETE', `${chat}/messages/3`)).status, 204)
  assert.equal((await ask(scene, 'DELETE', `${chat}/messages/3`)).status, 404)
  assert.equal((await ask(scene, 'POST', `${chat}/block`)).body.blocked, true)
  assert.equal((await ask(scene, 'POST', `${chat}/messages`, { text: 'hi' })).status, 409)
  assert.equal((await ask(scene, 'POST', `${chat}/unblock`)).body.blocked, false)
})

test('a file sent by a person reaches the bot and comes back with its name', async (t) => {
  const scene = await startScene(t)
  const data = form('file', Buffer.from('hello'), 'Ünïcode "x".html', { kind: 'document', caption: 'here' })
  const sent = await ask(scene, 'POST', `${chat}/files`, data)
  assert.equal(sent.status, 201)
  const { file_id = '' } = sent.body[0]?.document ?? {}
  const response = await fetch(`${scene.emulator.url}/person/files/${file_id}`)
  assert.equal(await response.text(), 'hello')
  assert.match(
    response.headers.get('content-disposition') ?? '',
    /^attachment; filename="_n_code _x_\.html"; filename\*=UTF-8''%C3%9Cn/,
  )
  assert.equal(response.headers.get('content-security-policy'), "default-src 'none'; sandbox")
  const { result } = await scene.call('getUpdates')
  assert.deepEqual([result[0]?.message.caption, result[0]?.message.document.file_size], ['here', 5])
})

test('photos sent together are one album, made smaller, with the words under the first', async (t) => {
  const scene = await startScene(t)
  const data = new FormData()
  data.set('kind', 'photo')
  data.set('caption', 'both sides')
  for (const [index, size] of [4000, 300].entries()) {
    data.set(`file${index}`, new Blob([new Uint8Array(await picture(size, size / 2))]), `${size}.png`)
  }
  assert.equal((await ask(scene, 'POST', `${chat}/files`, data)).body.length, 2)
  const heard = (await scene.call('getUpdates')).result.map(({ message }) => message)
  assert.equal(new Set(heard.map(({ media_group_id: album }) => album)).size, 1)
  assert.ok(heard[0]?.media_group_id)
  assert.deepEqual(
    heard.map(({ caption }) => caption as string | undefined),
    ['both sides', undefined],
  )
  assert.deepEqual(
    heard.map(({ photo }) => photo.map(({ width }) => width)),
    [
      [90, 320, 800, 1280],
      [90, 300],
    ],
  )
})

test('when one photo of an album is broken, nothing of it is sent, and the person is told which', async (t) => {
  const scene = await startScene(t)
  const data = form('file1', Buffer.from('no picture'), 'broken.png', { kind: 'photo' })
  data.set('file0', new Blob([new Uint8Array(await picture(50, 50))]), 'good.png')
  const refused = await ask(scene, 'POST', `${chat}/files`, data)
  assert.deepEqual([refused.status, refused.body.error.includes('broken.png')], [400, true])
  assert.deepEqual((await scene.call('getUpdates')).result, [])
})

test('the bot hears the name of a file as its sender wrote it, only without the path', async (t) => {
  const scene = await startScene(t)
  const names = {
    'C:\\Users\\ann\\final "v2" <new>.pdf': 'final "v2" <new>.pdf',
    '../../etc/passwd': 'passwd',
    '50% off\n.zip': '50% off\n.zip',
    'דוח שנתי.pdf': 'דוח שנתי.pdf',
    '\u202Egpj.exe': '\u202Egpj.exe',
  }
  for (const name of Object.keys(names)) {
    const data = form('file', Buffer.from('x'), encodeURIComponent(name), { kind: 'document' })
    await ask(scene, 'POST', `${chat}/files`, data)
  }
  const { result } = await scene.call('getUpdates')
  assert.deepEqual(
    result.map(({ message }) => message.document.file_name),
    Object.values(names),
  )
  assert.equal(result[0]?.message.document.mime_type, 'application/pdf')
})

test('a person may send more than a bot can fetch, and the bot is told so', async (t) => {
  const scene = await startScene(t)
  const limit = 20 * 1024 * 1024
  for (const size of [limit, limit + 1, 51 * 1024 * 1024]) {
    const sent = await ask(scene, 'POST', `${chat}/files`, form('file', Buffer.alloc(size), `${size}.bin`))
    assert.equal(sent.status, 201)
  }
  const { result } = await scene.call('getUpdates')
  const answers = []
  for (const { message } of result) answers.push(await scene.call('getFile', { file_id: message.document.file_id }))
  assert.deepEqual(
    answers.map(({ ok, description }) => (ok ? 'ok' : description)),
    ['ok', 'Bad Request: file is too big', 'Bad Request: file is too big'],
  )
})

test('requests that make no sense are refused with a reason', async (t) => {
  const scene = await startScene(t)
  assert.equal((await ask(scene, 'GET', '/person/chats/1/42')).status, 404)
  assert.equal((await ask(scene, 'GET', '/person/chats/x/42')).status, 400)
  assert.equal((await ask(scene, 'POST', `${chat}/messages`, { text: 5 })).status, 400)
  assert.match((await ask(scene, 'POST', `${chat}/messages`, { text: ' ' })).body.error, /Write something/)
  assert.equal((await ask(scene, 'POST', `${chat}/messages`, { text: 'x'.repeat(4097) })).status, 400)
  assert.equal((await ask(scene, 'POST', '/person/people', { first_name: '' })).status, 400)
  assert.equal((await ask(scene, 'POST', `${chat}/files`, { kind: 'photo' })).status, 415)
  const noPicture = form('file', Buffer.from('x'), 'x.png', { kind: 'photo' })
  assert.equal((await ask(scene, 'POST', `${chat}/files`, noPicture)).status, 400)
  assert.equal((await ask(scene, 'GET', '/person/files/unknown')).status, 404)
})

test('everything in a chat is streamed to the page', async (t) => {
  const scene = await startScene(t)
  const gone = new AbortController()
  const response = await fetch(`${scene.emulator.url}/person/events/1001/42`, { signal: gone.signal })
  const events = readEvents(response)
  await scene.say('sendChatAction', { action: 'typing' })
  await scene.say('sendMessage', {
    text: '<i>hi</i>',
    parse_mode: 'HTML',
    reply_markup: { inline_keyboard: [[{ text: 'B', callback_data: 'b' }]] },
  })
  const id = scene.person.pressText('B')
  await scene.call('answerCallbackQuery', { callback_query_id: id, text: 'ok' })
  await scene.say('deleteMessage', { message_id: 2 })
  scene.person.block()
  const seen: Seen[] = []
  for await (const event of events) {
    seen.push(event)
    if (event.type === 'chat') break
  }
  gone.abort()
  assert.deepEqual(
    seen.map(({ type }) => type),
    ['action', 'message', 'answer', 'deleted', 'chat'],
  )
  assert.equal(seen[1]?.message.html, '<i>hi</i>')
  assert.equal(seen[2]?.text, 'ok')
  assert.deepEqual([seen[4]?.blocked, seen[4]?.started], [true, true])
})

async function* readEvents(response: Response): AsyncGenerator<Seen> {
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString()
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) if (block.startsWith('data: ')) yield JSON.parse(block.slice(6))
  }
}

test('another site in the same browser cannot act for a person', async (t) => {
  const { emulator, person } = await startScene(t)
  const headers = { 'sec-fetch-site': 'cross-site' }
  const refused = await fetch(`${emulator.url}${chat}/block`, { method: 'POST', headers })
  assert.equal(refused.status, 403)
  assert.equal(person.chat().blocked, false)
})

test('only the page folder is served, and under a strict policy', async (t) => {
  const webDir = path.join(folder(t), 'web')
  mkdirSync(webDir)
  writeFileSync(path.join(webDir, 'index.html'), '<!doctype html>page')
  writeFileSync(path.join(webDir, '..', 'secret.txt'), 'secret')
  const { emulator } = await startScene(t, { webDir })
  const page = await fetch(emulator.url)
  assert.match(await page.text(), /page/)
  assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'; script-src 'self'/)
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff')
  for (const address of ['/web/../secret.txt', '/web/%2e%2e/secret.txt', '/web/..%2fsecret.txt']) {
    assert.equal((await fetch(emulator.url + address)).status >= 400, true, address)
  }
})

test('chats and files survive a restart', async (t) => {
  const dataDir = folder(t)
  const before = await startScene(t, { dataDir })
  await before.call('sendDocument', form('document', Buffer.from('kept'), 'a.txt', { chat_id: 1001 }))
  await before.call('setMyCommands', { commands: [{ command: 'help', description: 'Help' }] })
  before.person.send('not fetched yet')
  await before.emulator.close()
  const after = await startScene(t, { dataDir })
  const { messages, started } = after.person.chat()
  assert.equal(started, true)
  assert.deepEqual(
    messages.map(({ text, document }) => text ?? document?.file_name),
    ['/start', 'a.txt', 'not fetched yet'],
  )
  const fileId = messages[1]?.document?.file_id ?? ''
  assert.equal((await after.emulator.fileBytes(fileId)).toString(), 'kept')
  assert.equal((await after.say('sendDocument', { document: fileId })).result.message_id, 4)
  assert.equal((await after.call('getMyCommands')).result[0]?.command, 'help')
})
