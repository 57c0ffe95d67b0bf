import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startScene } from '../testing.ts'
import { commandsFor } from './my-commands.ts'

const open = (description: string) => [{ command: 'open', description }]

test('a person sees the commands of the narrowest scope in their language', async (t) => {
  const { emulator, person, call } = await startScene(t)
  const seen = () => {
    const bot = emulator.world.bots.findById(42)
    return bot === undefined ? undefined : commandsFor(bot, person.person)[0]?.description
  }
  assert.equal(seen(), undefined)
  await call('setMyCommands', { commands: open('default') })
  assert.equal(seen(), 'default')
  await call('setMyCommands', { commands: open('défaut'), language_code: 'fr' })
  assert.equal(seen(), 'défaut')
  await call('setMyCommands', { commands: open('private'), scope: { type: 'all_private_chats' } })
  assert.equal(seen(), 'private')
  const scope = { type: 'chat', chat_id: person.id }
  await call('setMyCommands', { commands: open('mine'), scope })
  assert.equal(seen(), 'mine')
  await call('deleteMyCommands', { scope })
  assert.equal(seen(), 'private')
  assert.deepEqual((await call('getMyCommands', { language_code: 'fr' })).result, open('défaut'))
})

test('commands that Telegram does not accept are refused', async (t) => {
  const { call } = await startScene(t)
  const refusal = async (params: Record<string, unknown>) =>
    (await call('setMyCommands', params)).description.replace('Bad Request: ', '')
  assert.equal(await refusal({ commands: [{ command: 'Start', description: 'x' }] }), 'BOT_COMMAND_INVALID')
  assert.equal(await refusal({ commands: [{ command: 'a', description: '' }] }), 'BOT_COMMAND_DESCRIPTION_INVALID')
  assert.equal(
    await refusal({ commands: [{ command: 'a' }] }),
    'can\'t parse BotCommand: Can\'t find field "description"',
  )
  assert.equal(await refusal({ commands: 'x' }), "can't parse commands JSON object")
  assert.equal(await refusal({ commands: open('x'), language_code: 'fra' }), 'LANG_CODE_INVALID')
  assert.equal(
    await refusal({ commands: open('x'), scope: { type: 'planet' } }),
    "can't parse BotCommandScope: Unsupported type specified",
  )
  assert.equal(await refusal({ commands: open('x'), scope: { type: 'chat', chat_id: 5 } }), 'chat not found')
})

test('names and descriptions are kept by language and fall back to the default', async (t) => {
  const { call } = await startScene(t)
  await call('setMyDescription', { description: 'A shop' })
  await call('setMyDescription', { description: 'Une boutique', language_code: 'fr' })
  const description = async (language_code: string) => (await call('getMyDescription', { language_code })).result
  assert.deepEqual(
    [await description('fr'), await description('de')],
    [{ description: 'Une boutique' }, { description: 'A shop' }],
  )
  await call('setMyDescription', { language_code: 'fr' })
  assert.deepEqual(await description('fr'), { description: 'A shop' })
  assert.equal((await call('setMyShortDescription', { short_description: 'x'.repeat(121) })).ok, false)
})

test('the menu button of a chat wins over the one for all', async (t) => {
  const { call, say } = await startScene(t)
  const button = { type: 'web_app', text: 'Open', web_app: { url: 'https://shop.example/app' } }
  await call('setChatMenuButton', { menu_button: button })
  assert.deepEqual((await say('getChatMenuButton')).result, button)
  await say('setChatMenuButton', { menu_button: { type: 'commands' } })
  assert.deepEqual((await say('getChatMenuButton')).result, { type: 'commands' })
  await say('setChatMenuButton')
  assert.deepEqual((await say('getChatMenuButton')).result, button)
  const wrong = await say('setChatMenuButton', { menu_button: { type: 'rainbow' } })
  assert.equal(wrong.description, "Bad Request: can't parse menu button: MenuButton has unsupported type")
})
