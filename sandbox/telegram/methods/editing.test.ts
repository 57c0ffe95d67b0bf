import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VirtualClock } from '../clock.ts'
import { form, picture, type Scene, startScene } from '../testing.ts'

const keyboard = { inline_keyboard: [[{ text: 'Buy', callback_data: 'buy' }]] }

const notModified =
  'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'

async function sendText({ say }: Scene, params: Record<string, unknown> = {}): Promise<number> {
  return (await say('sendMessage', { text: 'hello', ...params })).result.message_id
}

async function sendPicture({ call, person }: Scene, fields: Record<string, unknown> = {}): Promise<number> {
  const data = form('photo', await picture(40, 30), 'p.png', { chat_id: person.id, caption: 'look', ...fields })
  return (await call('sendPhoto', data)).result.message_id
}

test('an edit that changes nothing is refused in exactly these words', async (t) => {
  const scene = await startScene(t)
  const message_id = await sendText(scene, { reply_markup: keyboard })
  const same = await scene.say('editMessageText', { message_id, text: 'hello', reply_markup: keyboard })
  assert.equal(same.description, notModified)
  assert.equal(
    (await scene.say('editMessageReplyMarkup', { message_id, reply_markup: keyboard })).description,
    notModified,
  )
  const bold = await scene.say('editMessageText', {
    message_id,
    text: '<b>hello</b>',
    parse_mode: 'HTML',
    reply_markup: keyboard,
  })
  assert.equal(bold.ok, true)
})

test('an edit without a keyboard removes the keyboard', async (t) => {
  const scene = await startScene(t)
  const message_id = await sendText(scene, { reply_markup: keyboard })
  const edited = await scene.say('editMessageText', { message_id, text: 'hello' })
  assert.equal(edited.result.reply_markup, undefined)
  assert.ok(edited.result.edit_date >= edited.result.date)
  assert.equal((await scene.say('editMessageReplyMarkup', { message_id })).description, notModified)
})

test('text becomes a photo or a document, and media never becomes text again', async (t) => {
  const scene = await startScene(t)
  const message_id = await sendText(scene)
  const toPhoto = form('p', await picture(50, 50), 'p.png', {
    chat_id: scene.person.id,
    message_id,
    media: { type: 'photo', media: 'attach://p', caption: 'now a photo' },
    reply_markup: keyboard,
  })
  const photo = await scene.call('editMessageMedia', toPhoto)
  assert.equal(photo.result.text, undefined)
  assert.equal(photo.result.caption, 'now a photo')
  assert.deepEqual(photo.result.reply_markup, keyboard)
  const back = await scene.say('editMessageText', { message_id, text: 'text again' })
  assert.equal(back.description, 'Bad Request: there is no text in the message to edit')
  const toDocument = form('f', Buffer.from('%PDF'), 'book.pdf', {
    chat_id: scene.person.id,
    message_id,
    media: { type: 'document', media: 'attach://f' },
  })
  const document = await scene.call('editMessageMedia', toDocument)
  assert.equal(document.result.document.file_name, 'book.pdf')
  assert.equal(document.result.caption, undefined, 'a caption that is not sent again is gone')
  assert.equal(document.result.photo, undefined)
})

test('captions are edited on media only', async (t) => {
  const scene = await startScene(t)
  const photo = await sendPicture(scene)
  assert.equal((await scene.say('editMessageCaption', { message_id: photo, caption: 'new' })).result.caption, 'new')
  assert.equal((await scene.say('editMessageCaption', { message_id: photo })).result.caption, undefined)
  const text = await sendText(scene)
  const refused = await scene.say('editMessageCaption', { message_id: text, caption: 'new' })
  assert.equal(refused.description, 'Bad Request: there is no caption in the message to edit')
})

test('editing to the same file with the same caption changes nothing', async (t) => {
  const scene = await startScene(t)
  const message_id = await sendPicture(scene)
  const media = scene.emulator.world.chats.message({ botId: 42, personId: 1001 }, message_id)?.content
  assert.equal(media?.kind, 'photo')
  const again = { type: 'photo', media: media.photo[0]?.file_id, caption: 'look' }
  assert.equal((await scene.say('editMessageMedia', { message_id, media: again })).description, notModified)
})

test('what cannot be edited is told apart from what is not there', async (t) => {
  const scene = await startScene(t)
  const edit = async (message_id: number) =>
    (await scene.say('editMessageText', { message_id, text: 'new' })).description
  assert.equal(await edit(99), 'Bad Request: message to edit not found')
  assert.equal(await edit(scene.person.send('mine').message_id), "Bad Request: message can't be edited")
  const withKeyboard = await sendText(scene, { reply_markup: { keyboard: [['Menu']] } })
  assert.equal(await edit(withKeyboard), "Bad Request: message can't be edited")
  const removed = await sendText(scene, { reply_markup: { remove_keyboard: true } })
  assert.equal(await edit(removed), "Bad Request: message can't be edited")
  const plain = await sendText(scene)
  const wrongMarkup = await scene.say('editMessageText', {
    message_id: plain,
    text: 'x',
    reply_markup: { keyboard: [['a']] },
  })
  assert.equal(wrongMarkup.description, 'Bad Request: inline keyboard expected')
  const inline = await scene.call('editMessageText', { inline_message_id: 'abc', text: 'x' })
  assert.equal(inline.description, 'Bad Request: MESSAGE_ID_INVALID')
  assert.equal(
    (await scene.call('editMessageText', { text: 'x' })).description,
    'Bad Request: message identifier is not specified',
  )
})

test('own messages can be edited after days, but deleted only within 48 hours', async (t) => {
  const clock = new VirtualClock()
  const scene = await startScene(t, { clock })
  const message_id = await sendText(scene)
  const young = await sendText(scene)
  assert.equal((await scene.say('deleteMessage', { message_id: young })).result, true)
  clock.advance(48 * 3_600_000)
  assert.equal((await scene.say('editMessageText', { message_id, text: 'late' })).ok, true)
  assert.equal(
    (await scene.say('deleteMessage', { message_id })).description,
    "Bad Request: message can't be deleted for everyone",
  )
  assert.equal(
    (await scene.say('deleteMessage', { message_id: young })).description,
    'Bad Request: message to delete not found',
  )
})

test('many messages are deleted at once, and those already gone are skipped', async (t) => {
  const scene = await startScene(t)
  const first = await sendText(scene)
  assert.equal((await scene.say('deleteMessages', { message_ids: [first, 50, 51] })).result, true)
  assert.equal(
    scene.person.chat().messages.some(({ message_id }) => message_id === first),
    false,
  )
  const many = Array.from({ length: 101 }, (_, index) => index + 1)
  assert.equal(
    (await scene.say('deleteMessages', { message_ids: many })).description,
    'Bad Request: too many message identifiers specified',
  )
})

test('an album has 2 to 10 of one kind and no keyboard, and keeps its kinds', async (t) => {
  const scene = await startScene(t)
  const bytes = await picture(20, 20)
  const album = (count: number, type = 'photo') => {
    const data = form('a', bytes, 'a.png', {
      chat_id: scene.person.id,
      reply_markup: keyboard,
      media: Array.from({ length: count }, (_, index) => ({
        type: index === 0 ? 'photo' : type,
        media: `attach://${index === 0 ? 'a' : 'b'}`,
      })),
    })
    data.set('b', new Blob([new Uint8Array(bytes)]), 'b.png')
    return scene.call('sendMediaGroup', data)
  }
  assert.match((await album(1)).description, /too few messages/)
  assert.match((await album(11)).description, /too many messages/)
  assert.match((await album(2, 'document')).description, /can't use the media of the specified type in the album/)
  const { result } = await album(2)
  assert.equal(result.length, 2)
  assert.equal(result[0]?.media_group_id, result[1]?.media_group_id)
  assert.equal(result[0]?.reply_markup, undefined)
  const media = form('f', Buffer.from('x'), 'f.txt', {
    chat_id: scene.person.id,
    message_id: result[0]?.message_id,
    media: { type: 'document', media: 'attach://f' },
  })
  assert.equal(
    (await scene.call('editMessageMedia', media)).description,
    "Bad Request: can't change media type in the album",
  )
})
