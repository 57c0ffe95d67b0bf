import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as grammy from 'grammy'
import * as ntba from 'node-telegram-bot-api'
import { Input, Telegraf } from 'telegraf'
import { message } from 'telegraf/filters'
import { type PersonClient } from './person-client.ts'
import { picture, startScene, testToken } from './testing.ts'

/** The same story for every client: a menu, a press, a picture that replaces it, and a file there and back. */
async function livePerson(person: PersonClient): Promise<void> {
  person.send('/start p_1')
  const menu = await person.waitForMessage(({ text }) => text === 'Welcome p_1')
  assert.equal(menu.html, '<b>Welcome</b> p_1')
  person.pressText('Show')
  const answer = await person.waitFor(({ answers }) => answers[0])
  assert.equal(answer.text, 'here it is')
  const shown = await person.waitForMessage(({ photo }) => photo !== undefined)
  assert.equal(shown.message_id, menu.message_id)
  assert.equal(shown.caption, 'a picture')
  await person.sendFile({ name: 'notes.txt', bytes: Buffer.from('my notes') })
  const returned = await person.waitForMessage(({ document }) => document !== undefined)
  assert.deepEqual([returned.document?.file_name, returned.document?.file_size], ['MY NOTES.txt', 8])
}

test('a grammY bot lives in the emulator', async (t) => {
  const { emulator, person } = await startScene(t)
  const image = await picture(200, 100)
  const bot = new grammy.Bot(testToken, { client: { apiRoot: emulator.url } })
  bot.command('start', (ctx) =>
    ctx.reply(`<b>Welcome</b> ${ctx.match}`, {
      parse_mode: 'HTML',
      reply_markup: new grammy.InlineKeyboard().text('Show', 'show'),
    }),
  )
  bot.callbackQuery('show', async (ctx) => {
    await ctx.answerCallbackQuery('here it is')
    await ctx.editMessageMedia({ type: 'photo', media: new grammy.InputFile(image, 'p.png'), caption: 'a picture' })
  })
  bot.on('message:document', async (ctx) => {
    const { file_path: path } = await ctx.getFile()
    const response = await fetch(`${emulator.url}/file/bot${testToken}/${path}`)
    const text = (await response.text()).toUpperCase()
    await ctx.replyWithDocument(new grammy.InputFile(Buffer.from(text), `${text}.txt`))
  })
  const polling = bot.start()
  try {
    await livePerson(person)
  } finally {
    await bot.stop()
    await polling
  }
})

test('a node-telegram-bot-api bot lives in the emulator', async (t) => {
  const { emulator, person } = await startScene(t)
  const image = await picture(200, 100)
  const bot = new ntba.Bot(testToken, { apiRoot: emulator.url })
  bot.command('start', (ctx) =>
    ctx.reply('<b>Welcome</b> p_1', {
      parse_mode: 'HTML',
      reply_markup: new ntba.InlineKeyboardBuilder().text('Show', 'show').build(),
    }),
  )
  bot.on('callback_query', async (ctx) => {
    await ctx.answerCallbackQuery({ text: 'here it is' })
    await bot.api.editMessageMedia({
      chat_id: person.id,
      message_id: ctx.callbackQuery?.message?.message_id ?? 0,
      media: { type: 'photo', media: new ntba.InputFile(image, { filename: 'p.png' }), caption: 'a picture' },
    })
  })
  bot.on('message', async (ctx) => {
    const fileId = ctx.message?.document?.file_id
    if (fileId === undefined) return
    const { file_path: path = '' } = await bot.api.getFile({ file_id: fileId })
    const response = await fetch(`${emulator.url}/file/bot${testToken}/${path}`)
    const text = (await response.text()).toUpperCase()
    const document = new ntba.InputFile(Buffer.from(text), { filename: `${text}.txt` })
    await bot.api.sendDocument({ chat_id: person.id, document })
  })
  const polling = bot.startPolling()
  try {
    await livePerson(person)
  } finally {
    bot.stop()
    await polling
  }
})

test('a Telegraf bot lives in the emulator', async (t) => {
  const { emulator, person } = await startScene(t)
  const image = await picture(200, 100)
  const bot = new Telegraf(testToken, { telegram: { apiRoot: emulator.url, webhookReply: false } })
  bot.start((ctx) =>
    ctx.reply(`<b>Welcome</b> ${ctx.payload}`, {
      parse_mode: 'HTML',
      reply_markup: { inline_keyboard: [[{ text: 'Show', callback_data: 'show' }]] },
    }),
  )
  bot.action('show', async (ctx) => {
    await ctx.answerCbQuery('here it is')
    await ctx.editMessageMedia({ type: 'photo', media: Input.fromBuffer(image, 'p.png'), caption: 'a picture' })
  })
  bot.on(message('document'), async (ctx) => {
    const link = await ctx.telegram.getFileLink(ctx.message.document.file_id)
    const text = (await (await fetch(link)).text()).toUpperCase()
    await ctx.replyWithDocument(Input.fromBuffer(Buffer.from(text), `${text}.txt`))
  })
  const polling = bot.launch()
  try {
    await livePerson(person)
  } finally {
    bot.stop()
    await polling
  }
})
