import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { callBot, form, startScene, testToken } from './testing.ts'

test('an answer is an envelope whose error code is also the HTTP status', async (t) => {
  const { call } = await startScene(t)
  const me = await call('getMe')
  assert.equal(me.status, 200)
  assert.equal(me.result.username, 'shop_bot')
  const refused = await call('sendMessage', { chat_id: 5, text: 'x' })
  assert.equal(refused.status, 400)
  assert.equal(refused.ok, false)
  assert.equal(refused.description, 'Bad Request: chat not found')
})

test('methods are found whatever the case of their letters', async (t) => {
  const { say } = await startScene(t)
  assert.equal((await say('SENDMESSAGE', { text: 'loud' })).result.text, 'loud')
})

test('parameters come as a query, JSON, a form, or multipart', async (t) => {
  const { emulator, person, call } = await startScene(t)
  const url = `${emulator.url}/bot${testToken}/sendMessage`
  const text = async (answer: Response) => ((await answer.json()) as { result: { text: string } }).result.text
  const query = new URLSearchParams({ chat_id: String(person.id), text: 'héllo & co' })
  assert.equal(await text(await fetch(`${url}?${query.toString()}`)), 'héllo & co')
  assert.equal(await text(await fetch(url, { method: 'POST', body: query })), 'héllo & co')
  const data = new FormData()
  data.set('chat_id', String(person.id))
  data.set('text', 'multipart')
  assert.equal((await call('sendMessage', data)).result.text, 'multipart')
  assert.equal(await text(await fetch(`${url}?text=first&${query.toString()}`)), 'first')
})

test('nested parameters may be objects or JSON text', async (t) => {
  const { say } = await startScene(t)
  const markup = { inline_keyboard: [[{ text: 'Buy', callback_data: 'b' }]] }
  assert.deepEqual((await say('sendMessage', { text: 'a', reply_markup: markup })).result.reply_markup, markup)
  const asText = await say('sendMessage', { text: 'a', reply_markup: JSON.stringify(markup) })
  assert.deepEqual(asText.result.reply_markup, markup)
  const broken = await say('sendMessage', { text: 'a', reply_markup: '{"inline_' })
  assert.equal(broken.description, "Bad Request: can't parse reply keyboard markup JSON object")
})

test('a null parse mode is read as text, as the server does', async (t) => {
  const { say } = await startScene(t)
  assert.equal(
    (await say('sendMessage', { text: 'a', parse_mode: null })).description,
    'Bad Request: unsupported parse_mode',
  )
})

test('wrong tokens and addresses are told apart', async (t) => {
  const { emulator } = await startScene(t)
  const refusal = async (token: string, method = 'getMe') => {
    const { status, description } = await callBot(emulator, token, method)
    return `${status} ${description}`
  }
  assert.equal(await refusal('42:WRONG'), '401 Unauthorized')
  assert.equal(await refusal('nonsense'), '401 Unauthorized: invalid token specified')
  assert.equal(await refusal('abc:def'), '421 Misdirected Request: unallowed token specified')
  assert.equal(await refusal(testToken, 'noSuchMethod'), '404 Not Found: method not found')
  assert.equal(await refusal(testToken, 'sendInvoice'), '501 Not Implemented: sendInvoice is not emulated')
  const elsewhere = await fetch(`${emulator.url}/nothing`)
  assert.deepEqual(await elsewhere.json(), { ok: false, error_code: 404, description: 'Not Found' })
})

test('any well-formed token is a bot when the emulator is told so', async (t) => {
  const { emulator } = await startScene(t, { allowAnyToken: true })
  assert.equal((await callBot(emulator, '777:new', 'getMe')).result.id, 777)
})

test('hostile bodies are answered, and the emulator lives on', async (t) => {
  const { emulator, call } = await startScene(t)
  const url = `${emulator.url}/bot${testToken}/sendMessage`
  const post = (body: string, type = 'application/json') =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': type } })
  for (const body of [
    '',
    '[]',
    'null',
    '"x"',
    '{"chat_id":',
    '{"__proto__":{"chat_id":1},"text":"x"}',
    '{"text":{"a":[1]}}',
  ]) {
    assert.equal((await post(body)).status, 400, body)
  }
  assert.equal((await post('x', 'image/png')).status, 400)
  assert.equal((await post('--x\r\nbroken', 'multipart/form-data; boundary=x')).status, 400)
  assert.equal((await post('x', 'multipart/form-data')).status >= 400, true)
  assert.equal((await post(`{"text":"${'x'.repeat(1_100_000)}"}`)).status, 413)
  assert.equal((await call('getMe')).ok, true)
})

test('a document over 50 MB is too large, one of exactly 50 MB is not', async (t) => {
  const { call, person } = await startScene(t)
  const limit = 50 * 1024 * 1024
  const send = (size: number) =>
    call('sendDocument', form('document', Buffer.alloc(size, 1), 'big.bin', { chat_id: person.id }))
  const tooLarge = await send(limit + 1)
  assert.deepEqual([tooLarge.status, tooLarge.description], [413, 'Request Entity Too Large'])
  assert.equal((await send(limit)).result.document.file_size, limit)
})

test('every request is written down as it was sent', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'transcript-'))
  t.after(() => {
    rmSync(folder, { recursive: true })
  })
  const transcriptPath = path.join(folder, 'calls.jsonl')
  const { call, person } = await startScene(t, { transcriptPath })
  await call('SENDMESSAGE', { chat_id: person.id, text: 'x', reply_markup: { inline_keyboard: [] } })
  await call('sendDocument', form('document', Buffer.from('x'), 'a.txt', { chat_id: person.id }))
  const lines = readFileSync(transcriptPath, 'utf8').trim().split('\n')
  assert.deepEqual(
    lines.slice(-2).map((line) => JSON.parse(line) as unknown),
    [
      { method: 'sendMessage', params: { chat_id: 1001, text: 'x', reply_markup: { inline_keyboard: [] } }, files: [] },
      { method: 'sendDocument', params: { chat_id: '1001' }, files: ['document'] },
    ],
  )
})
