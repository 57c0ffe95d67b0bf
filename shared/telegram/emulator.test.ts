import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import pino from 'pino'
import { type PersonClient } from '../../sandbox/telegram/person-client.ts'
import { startTelegramEmulator, type TelegramEmulator } from '../../sandbox/telegram/server.ts'
import { picture } from '../../sandbox/telegram/testing.ts'
import { openTelegram, type Telegram } from './client.ts'
import { isRefused } from './errors.ts'
import { bold, escape } from './html.ts'
import { readSentMessage } from './message.ts'
import { type UploadFile } from './multipart.ts'

const token = '123456789:AAE-secret_secret_secret_secret_sec'

type Scene = { emulator: TelegramEmulator; telegram: Telegram; person: PersonClient; folder: string }

async function aScene(t: TestContext): Promise<Scene> {
  const emulator = await startTelegramEmulator({ bots: [{ token, username: 'shop_bot', first_name: 'Shop' }] })
  const telegram = openTelegram({ apiRoot: emulator.url, token, log: pino({ level: 'silent' }) })
  const folder = await mkdtemp(join(tmpdir(), 'telegram-'))
  t.after(async () => {
    await telegram.close()
    await emulator.close()
    await rm(folder, { recursive: true })
  })
  const person = emulator.addPerson({ first_name: 'Ann', language_code: 'fr' })
  person.send('/start')
  return { emulator, telegram, person, folder }
}

async function say({ telegram, person }: Scene, text = 'an order'): Promise<bigint> {
  const sent = readSentMessage(await telegram.call('sendMessage', { chat_id: person.id, text }))
  assert.ok(sent !== undefined)
  return sent.messageId
}

const edit = ({ person }: Scene, messageId: bigint, type: 'photo' | 'document', media: string, caption = 'here') => ({
  chat_id: person.id,
  message_id: messageId,
  media: { type, media, caption, parse_mode: 'HTML' },
})

const uploadInto = async (scene: Scene, messageId: bigint, type: 'photo' | 'document', file: UploadFile) => {
  const params = edit(scene, messageId, type, 'attach://file', bold(escape('<Titre> & "co"')))
  return readSentMessage(await scene.telegram.upload({ method: 'editMessageMedia', params, files: { file } }))
}

async function aFile({ folder }: Scene, bytes: Uint8Array, name = 'Été 日本.zip'): Promise<UploadFile> {
  const path = join(folder, 'file')
  await writeFile(path, bytes)
  return { name, contentType: 'application/zip', source: { path } }
}

test('turns a line of text into a QR code and then into the bought file, with its real name and bytes', async (t) => {
  const scene = await aScene(t)
  const messageId = await say(scene)
  const qr = { name: 'qr.png', contentType: 'image/png', source: { bytes: await picture(512, 512) } }
  await uploadInto(scene, messageId, 'photo', qr)

  const bytes = randomBytes(3_000_000)
  const sent = await uploadInto(scene, messageId, 'document', await aFile(scene, bytes))
  const [message] = scene.person.chat().messages.filter(({ from }) => from === 'bot')
  assert.equal(message?.message_id, Number(messageId))
  assert.equal(message.document?.file_name, 'Été 日本.zip')
  assert.equal(message.caption, '<Titre> & "co"')
  assert.ok(sent?.fileId !== undefined)
  assert.ok((await scene.emulator.fileBytes(sent.fileId)).equals(bytes))
})

test('sends a file again by its id, and takes an edit that changes nothing for what it is', async (t) => {
  const scene = await aScene(t)
  const sent = await uploadInto(scene, await say(scene), 'document', await aFile(scene, randomBytes(1000)))
  const params = edit(scene, await say(scene), 'document', sent?.fileId ?? '')
  const again = readSentMessage(await scene.telegram.call('editMessageMedia', params))
  assert.equal(again?.messageId, params.message_id)
  await assert.rejects(scene.telegram.call('editMessageMedia', params), (error) => isRefused(error, 'not modified'))
})

test('leaves one file in the chat when the answer to the upload is lost', async (t) => {
  const scene = await aScene(t)
  const messageId = await say(scene)
  scene.emulator.faults.add({ kind: 'drop', method: 'editMessageMedia', count: 1, after: true })
  const upload = uploadInto(scene, messageId, 'document', await aFile(scene, randomBytes(200_000)))
  await upload.catch((error: unknown) => {
    assert.ok(isRefused(error, 'not modified'))
  })
  const documents = scene.person.chat().messages.filter(({ document }) => document !== undefined)
  assert.equal(documents.length, 1)
})

test('knows each refusal of a real conversation', async (t) => {
  const scene = await aScene(t)
  const { telegram, person } = scene
  const chat_id = person.id
  const refused = (kind: Parameters<typeof isRefused>[1], method: string, params: object) =>
    assert.rejects(
      telegram.call(method, { chat_id, ...params }),
      (error) => isRefused(error, kind),
      `${method}: ${kind}`,
    )
  const message_id = await say(scene)
  await refused('not modified', 'editMessageText', { message_id, text: 'an order' })
  await refused('message gone', 'editMessageText', { message_id: 99_999, text: 'x' })
  await refused('bad markup', 'sendMessage', { text: '<br>', parse_mode: 'HTML' })
  await refused('bad markup', 'sendMessage', { text: 'x'.repeat(4097) })
  await refused('file refused', 'sendDocument', { document: 'no-such-file' })
  await refused('query too old', 'answerCallbackQuery', { callback_query_id: '1' })
  await refused('blocked', 'sendMessage', { chat_id: 424_242, text: 'x' })
  person.block()
  await refused('blocked', 'sendMessage', { text: 'x' })
})

test('hears that a file is too large for Telegram', async (t) => {
  const scene = await aScene(t)
  const messageId = await say(scene)
  const upload = uploadInto(scene, messageId, 'document', await aFile(scene, Buffer.alloc(51 * 1024 * 1024, 7)))
  await assert.rejects(upload, (error) => isRefused(error, 'too large'))
})

test('never calls while Telegram asks for a pause, however many ask at once', async (t) => {
  const scene = await aScene(t)
  scene.emulator.faults.add({ kind: 'retry_after', seconds: 1, count: 1 })
  await say(scene)
  scene.emulator.faults.add({ kind: 'retry_after', seconds: 1, method: 'sendChatAction', count: 1 })
  const action = { chat_id: scene.person.id, action: 'typing' }
  await scene.telegram.call('sendChatAction', action)
  await Promise.all(Array.from({ length: 20 }, () => say(scene)))
  assert.deepEqual(scene.emulator.faults.violations, [])
})

test('polls updates, and brings a file that a person sent', async (t) => {
  const scene = await aScene(t)
  const bytes = randomBytes(100_000)
  await scene.person.sendFile({ name: 'cover.bin', bytes })
  const updates = await scene.telegram.getUpdates(0, 1)
  const { message } = updates.at(-1) as unknown as { message: { document: { file_id: string } } }
  const path = join(scene.folder, 'received')
  const { sizeBytes } = await scene.telegram.download(message.document.file_id, path, { maxBytes: 200_000 })
  assert.equal(sizeBytes, 100_000n)
  assert.deepEqual(await scene.telegram.getUpdates((updates.at(-1)?.update_id ?? 0) + 1, 0), [])
})
