import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { form, picture, type Scene, startScene } from './testing.ts'

type Field = { name: string; types: string[]; required: boolean }
type Spec = {
  methods: Record<string, { name: string; returns: string[] }>
  types: Record<string, { fields?: Field[]; subtypes?: string[] }>
}

const shared = path.resolve(import.meta.dirname, '../../../shared')
const specFile = path.join(shared, 'data/bot-api-spec.json')
const checker = path.join(shared, 'tools/check-bot-api.mjs')
const skip = existsSync(specFile) && existsSync(checker) ? false : 'the Bot API specification is not beside the project'

const keyboard = {
  inline_keyboard: [
    [
      { text: 'Buy', callback_data: 'buy', style: 'success' },
      { text: 'Site', url: 'https://shop.example' },
    ],
  ],
}

/** A little of everything; each call must succeed. */
async function callEverything(scene: Scene, check: Check): Promise<void> {
  const { person, call, emulator } = scene
  const chat_id = person.id
  const run = async (method: string, params?: Record<string, unknown> | FormData) => {
    const { ok, result, description } = await call(method, params)
    assert.ok(ok, `${method}: ${description}`)
    check(method, result)
    return result as { message_id: number; document: { file_id: string } }
  }
  await run('getMe')
  const text = '<b>Bold</b> <a href="https://shop.example">link</a> <tg-spoiler>s</tg-spoiler> /start @shop_bot'
  const { message_id } = await run('sendMessage', {
    chat_id,
    text,
    parse_mode: 'HTML',
    reply_markup: keyboard,
    protect_content: true,
    link_preview_options: { is_disabled: true },
  })
  await run('sendMessage', { chat_id, text: 'reply', reply_parameters: { message_id, quote: 'Bold' } })
  const image = await picture(640, 480)
  const photo = await run(
    'sendPhoto',
    form('photo', image, 'p.png', { chat_id, caption: '<i>c</i>', parse_mode: 'HTML', has_spoiler: true }),
  )
  const { document, ...sent } = await run('sendDocument', form('document', image, 'p.png', { chat_id, caption: 'c' }))
  await run('sendDocument', { chat_id, document: document.file_id })
  const album = form('a', image, 'a.png', {
    chat_id,
    media: ['a', 'a'].map((part) => ({ type: 'photo', media: `attach://${part}` })),
  })
  await run('sendMediaGroup', album)
  await callAboutMessages(run, chat_id, {
    message_id,
    sent: sent.message_id,
    photo: photo.message_id,
    fileId: document.file_id,
  })
  await callAboutBot(run, chat_id)
  await run('getFile', { file_id: document.file_id })
  await run('sendChatAction', { chat_id, action: 'upload_photo' })
  await run('getChat', { chat_id })
  await run('getChatMember', { chat_id, user_id: chat_id })
  await run('getChatMemberCount', { chat_id })
  await callAboutPerson(scene, run, check)
  await run('deleteMessage', { chat_id, message_id })
  assert.equal(emulator.faults.retryAfterViolations, 0)
}

type Check = (method: string, result: unknown) => void
type Run = (method: string, params?: Record<string, unknown>) => Promise<{ message_id: number }>

type Sent = { message_id: number; sent: number; photo: number; fileId: string }

/** What becomes of messages. */
async function callAboutMessages(run: Run, chat_id: number, { message_id, sent, photo, fileId }: Sent): Promise<void> {
  await run('editMessageText', { chat_id, message_id, text: 'edited', reply_markup: keyboard })
  await run('editMessageReplyMarkup', { chat_id, message_id })
  await run('editMessageCaption', {
    chat_id,
    message_id: photo,
    caption: 'new',
    show_caption_above_media: true,
  })
  await run('editMessageMedia', { chat_id, message_id, media: { type: 'document', media: fileId } })
  await run('forwardMessage', { chat_id, from_chat_id: chat_id, message_id: sent })
  await run('copyMessage', { chat_id, from_chat_id: chat_id, message_id: sent })
  await run('copyMessages', { chat_id, from_chat_id: chat_id, message_ids: [sent] })
  await run('forwardMessages', { chat_id, from_chat_id: chat_id, message_ids: [sent] })
}

/** What a bot says of itself. */
async function callAboutBot(run: Run, chat_id: number): Promise<void> {
  await run('setMyCommands', {
    commands: [{ command: 'start', description: 'Start' }],
    scope: { type: 'chat', chat_id },
    language_code: 'fr',
  })
  await run('getMyCommands', { scope: { type: 'chat', chat_id }, language_code: 'fr' })
  await run('deleteMyCommands', { scope: { type: 'all_private_chats' } })
  for (const what of ['Name', 'Description', 'ShortDescription']) {
    const field = what.replace(/(?!^)[A-Z]/, (letter) => `_${letter}`).toLowerCase()
    await run(`setMy${what}`, { [field]: 'Shop' })
    await run(`getMy${what}`, { language_code: 'fr' })
  }
  await run('setChatMenuButton', {
    menu_button: { type: 'web_app', text: 'Open', web_app: { url: 'https://shop.example/app' } },
  })
  await run('getChatMenuButton', { chat_id })
}

/** What a person does, and how the bot hears of it. */
async function callAboutPerson({ person, call }: Scene, run: Run, check: Check): Promise<void> {
  const chat_id = person.id
  const image = await picture(64, 48)
  const shown = await run('sendMessage', { chat_id, text: 'press', reply_markup: keyboard })
  const callback_query_id = person.press(shown.message_id, 'buy')
  person.press(shown.message_id, 'buy', { isForgotten: true })
  person.send('https://shop.example #tag', shown.message_id)
  await person.sendFile({ kind: 'photo', name: 'p.png', bytes: image, caption: 'mine' })
  await person.sendFile({ name: 'a.pdf', bytes: Buffer.from('x') })
  person.block()
  check('getChatMember', (await call('getChatMember', { chat_id, user_id: 42 })).result)
  person.unblock()
  await run('answerCallbackQuery', { callback_query_id, text: 'ok' })
  await run('getUpdates', { allowed_updates: ['message', 'callback_query', 'my_chat_member'] })
  await run('deleteMessages', { chat_id, message_ids: [shown.message_id] })
  await run('setWebhook', { url: 'https://127.0.0.1:9/hook', secret_token: 'abc' })
  await run('getWebhookInfo')
  await run('deleteWebhook', { drop_pending_updates: true })
  await run('logOut')
  await run('close')
}

test('every answer fits the type the Bot API promises', { skip }, async (t) => {
  const spec = JSON.parse(readFileSync(specFile, 'utf8')) as Spec
  const scene = await startScene(t)
  await callEverything(scene, (method, result) => {
    const returns = spec.methods[method]?.returns ?? []
    assert.equal(mismatch(spec, result, returns, method), undefined)
  })
})

test('the transcript of good requests passes the check of requests', { skip }, async (t) => {
  const transcriptPath = path.join(folder(t), 'calls.jsonl')
  const scene = await startScene(t, { transcriptPath })
  await callEverything(scene, () => undefined)
  const { status, stdout } = spawnSync(process.execPath, [checker, '--strict', '--quiet', transcriptPath], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stdout)
})

function folder(t: TestContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'specification-'))
  t.after(() => {
    rmSync(made, { recursive: true })
  })
  return made
}

/** Why a value is none of the types; undefined when it is one of them. */
function mismatch(spec: Spec, value: unknown, types: string[], where: string): string | undefined {
  const reasons = types.flatMap((type) => mismatchOne(spec, value, type, where) ?? 'fits')
  return reasons.includes('fits') ? undefined : reasons.join('; ')
}

function mismatchOne(spec: Spec, value: unknown, type: string, where: string): string | undefined {
  const item = /^Array of (.*)$/.exec(type)?.[1]
  if (item !== undefined) return mismatchArray(spec, value, item, where)
  const { subtypes, fields = [] } = spec.types[type] ?? {}
  if (subtypes !== undefined) return mismatch(spec, value, subtypes, where)
  if (spec.types[type] !== undefined) return mismatchObject(spec, value, fields, `${where}(${type})`)
  const fits =
    (type === 'String' && typeof value === 'string') ||
    (type === 'Boolean' && typeof value === 'boolean') ||
    (type === 'Integer' && Number.isSafeInteger(value)) ||
    (type === 'Float' && typeof value === 'number')
  return fits ? undefined : `${where}: expected ${type}, got ${JSON.stringify(value)}`
}

function mismatchArray(spec: Spec, value: unknown, item: string, where: string): string | undefined {
  if (!Array.isArray(value)) return `${where}: expected an array, got ${JSON.stringify(value)}`
  for (const [index, element] of value.entries()) {
    const reason = mismatch(spec, element, [item], `${where}[${index}]`)
    if (reason !== undefined) return reason
  }
  return undefined
}

function mismatchObject(spec: Spec, value: unknown, fields: Field[], where: string): string | undefined {
  if (typeof value !== 'object' || value === null) return `${where}: expected an object, got ${JSON.stringify(value)}`
  const object = value as Record<string, unknown>
  const unknown = Object.keys(object).find((name) => !fields.some((field) => field.name === name))
  if (unknown !== undefined) return `${where}: unknown field ${unknown}`
  for (const { name, types, required } of fields) {
    if (object[name] === undefined && required) return `${where}: ${name} is missing`
    const reason = object[name] === undefined ? undefined : mismatch(spec, object[name], types, `${where}.${name}`)
    if (reason !== undefined) return reason
  }
  return undefined
}
