import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callBot, startScene } from '../testing.ts'

test('a bot writes only to people who started it and did not block it', async (t) => {
  const { emulator, person, call, say } = await startScene(t)
  const stranger = emulator.addPerson({ first_name: 'Bob' })
  const refused = await call('sendMessage', { chat_id: stranger.id, text: 'hi' })
  assert.equal(`${refused.status} ${refused.description}`, "403 Forbidden: bot can't initiate conversation with a user")
  person.block()
  const blocked = await say('sendMessage', { text: 'hi' })
  assert.equal(`${blocked.status} ${blocked.description}`, '403 Forbidden: bot was blocked by the user')
  person.unblock()
  assert.equal((await say('sendMessage', { text: 'hi' })).ok, true)
  assert.equal(
    (await call('sendMessage', { chat_id: '@nobody', text: 'x' })).description,
    'Bad Request: chat not found',
  )
  assert.equal((await call('sendMessage', { text: 'x' })).description, 'Bad Request: chat_id is empty')
})

test('blocking and unblocking is told to the bot', async (t) => {
  const { person, call } = await startScene(t)
  person.block()
  person.unblock()
  const { result } = await call('getUpdates')
  assert.deepEqual(
    result.map(({ my_chat_member: { old_chat_member: before, new_chat_member: after } }) => [
      before.status,
      after.status,
    ]),
    [
      ['member', 'kicked'],
      ['kicked', 'member'],
    ],
  )
})

test('message ids count up in each chat', async (t) => {
  const { emulator, person, call, say } = await startScene(t)
  const other = emulator.addPerson({ first_name: 'Bob' })
  other.send('/start')
  assert.equal((await say('sendMessage', { text: 'a' })).result.message_id, 2)
  assert.equal((await call('sendMessage', { chat_id: other.id, text: 'a' })).result.message_id, 2)
  assert.equal(person.send('b').message_id, 3)
})

test('buttons are checked as the server checks them', async (t) => {
  const { say } = await startScene(t)
  const button = async (fields: Record<string, unknown>) => {
    const markup = { inline_keyboard: [[fields]] }
    return (await say('sendMessage', { text: 'x', reply_markup: markup })).description.replace('Bad Request: ', '')
  }
  assert.equal(await button({ text: 'a', callback_data: 'x'.repeat(64) }), '')
  assert.equal(await button({ text: 'a', callback_data: 'x'.repeat(65) }), 'BUTTON_DATA_INVALID')
  assert.equal(await button({ text: 'a', callback_data: 'é'.repeat(33) }), 'BUTTON_DATA_INVALID')
  assert.equal(await button({ text: 'a', copy_text: { text: 'x'.repeat(256) } }), '')
  assert.equal(await button({ text: 'a', copy_text: { text: '' } }), 'BUTTON_COPY_TEXT_INVALID')
  assert.equal(await button({ text: 'a', copy_text: { text: 'x'.repeat(257) } }), 'BUTTON_COPY_TEXT_INVALID')
  assert.equal(await button({ text: '', callback_data: 'a' }), 'inline keyboard button text must be non-empty')
  assert.equal(
    await button({ text: 'a', callback_data: '' }),
    "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
  )
  assert.equal(await button({ callback_data: 'a' }), 'can\'t parse inline keyboard button: Can\'t find field "text"')
  assert.equal(
    await button({ text: 'a', url: 'http://localhost:3000' }),
    "inline keyboard button URL 'http://localhost:3000' is invalid: Wrong HTTP URL",
  )
  assert.equal(await button({ text: 'a', url: 'https://shop.example/x' }), '')
  assert.equal(
    await button({ text: 'a', web_app: { url: 'http://shop.example' } }),
    "inline keyboard button Web App URL 'http://shop.example' is invalid: Only HTTPS links are allowed",
  )
  assert.equal(
    await button({ text: 'a', callback_data: 'b', style: 'green' }),
    "can't parse inline keyboard button: invalid button style specified",
  )
})

test('a keyboard with too many buttons is too long', async (t) => {
  const { say } = await startScene(t)
  const keyboard = (rows: number, columns: number) => {
    const row = Array.from({ length: columns }, () => ({ text: 'a', callback_data: 'b' }))
    return say('sendMessage', { text: 'x', reply_markup: { inline_keyboard: Array.from({ length: rows }, () => row) } })
  }
  assert.equal((await keyboard(25, 4)).ok, true)
  assert.equal((await keyboard(26, 4)).description, 'Bad Request: reply markup is too long')
  assert.equal((await keyboard(1, 9)).description, 'Bad Request: reply markup is too long')
})

test('a reply shows what it answers, and what is gone cannot be answered', async (t) => {
  const { say } = await startScene(t)
  const first = await say('sendMessage', { text: 'the question' })
  const id = first.result.message_id
  const reply = await say('sendMessage', { text: 'b', reply_parameters: { message_id: id, quote: 'question' } })
  assert.equal(reply.result.reply_to_message.text, 'the question')
  assert.equal(reply.result.quote.position, 4)
  const gone = await say('sendMessage', { text: 'b', reply_parameters: { message_id: 99 } })
  assert.equal(gone.description, 'Bad Request: message to be replied not found')
  const without = await say('sendMessage', { text: 'b', reply_to_message_id: 99, allow_sending_without_reply: true })
  assert.equal(without.result.reply_to_message, undefined)
})

test('protected content, link previews and effects are shown in the message', async (t) => {
  const { say } = await startScene(t)
  const options = { url: 'https://shop.example/p.png', prefer_large_media: true, show_above_text: true }
  const { result } = await say('sendMessage', {
    text: 'x',
    protect_content: true,
    link_preview_options: options,
    message_effect_id: '5',
  })
  assert.equal(result.has_protected_content, true)
  assert.deepEqual(result.link_preview_options, options)
  assert.equal(result.effect_id, '5')
})

test('messages are copied without a trace and forwarded with their origin', async (t) => {
  const { person, say } = await startScene(t)
  const sent = person.send('from me')
  const source = { from_chat_id: person.id, message_id: sent.message_id }
  assert.equal((await say('copyMessage', source)).result.message_id, 3)
  const forwarded = await say('forwardMessage', source)
  assert.equal(forwarded.result.forward_origin.sender_user.id, person.id)
  assert.equal((await say('copyMessages', { from_chat_id: person.id, message_ids: [2, 3, 77] })).result.length, 2)
  const missing = await say('forwardMessage', { ...source, message_id: 77 })
  assert.equal(missing.description, 'Bad Request: message to forward not found')
})

test('a chat action is shown for five seconds at most', async (t) => {
  const { person, say } = await startScene(t)
  assert.equal((await say('sendChatAction', { action: 'upload_document' })).result, true)
  assert.equal(person.chat().action, 'upload_document')
  await say('sendMessage', { text: 'done' })
  assert.equal(person.chat().action, null)
  assert.equal(
    (await say('sendChatAction', { action: 'dancing' })).description,
    'Bad Request: wrong parameter action in request',
  )
})

test('the bot reads its chat and its members', async (t) => {
  const { person, call, say, emulator } = await startScene(t)
  assert.equal((await say('getChat')).result.first_name, 'Ann')
  assert.equal((await say('getChatMember', { user_id: person.id })).result.status, 'member')
  person.block()
  assert.equal((await say('getChatMember', { user_id: 42 })).result.status, 'kicked')
  assert.equal((await call('getChat', { chat_id: 1 })).description, 'Bad Request: chat not found')
  assert.equal((await say('getChatMemberCount')).result, 2)
  emulator.addBot({ token: '43:OTHER', username: 'other_bot', first_name: 'Other' })
  assert.equal((await callBot(emulator, '43:OTHER', 'sendMessage', { chat_id: 42, text: 'x' })).status, 403)
})
