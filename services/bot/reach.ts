import { type Context, type MiddlewareFn } from 'telegraf'
import { findScreen } from '../../shared/db/screens.ts'
import { type Person } from '../../shared/db/users.ts'
import { escape, type Html } from '../../shared/telegram/html.ts'
import { readSentMessage } from '../../shared/telegram/message.ts'
import { textsFor } from '../../shared/texts/index.ts'
import { buttonData, type Press, readButton } from './buttons.ts'
import { type BotContext, type BotDeps, type Card, type Reach } from './context.ts'
import { type Features } from './features.ts'
import { type Keyboard, replyMarkup } from './keyboard.ts'
import { PressAnswer } from './press-answer.ts'
import { drawScreen } from './screen.ts'
import { meet, welcomeBack } from './sender.ts'

/** Gives the context what the features need, and answers every press, also when the work on it failed. */
export function reach(deps: BotDeps, features: Features): MiddlewareFn<Context> {
  return async (ctx, next) => {
    if (ctx.from === undefined) return
    const query = ctx.callbackQuery
    const answer = query === undefined ? undefined : new PressAnswer(deps.telegram, query.id, deps.log)
    try {
      const person = await meet(deps, ctx.from)
      if (!person.reachable) await welcomeBack(deps, person.id)
      equip(ctx, { deps, features, person, answer })
      await next()
    } finally {
      await answer?.give()
    }
  }
}

type Equipment = {
  readonly deps: BotDeps
  readonly features: Features
  readonly person: Person
  readonly answer: PressAnswer | undefined
}

function equip(ctx: Context, { deps, features, person, answer }: Equipment): void {
  const texts = textsFor(person.language, deps.config.timeZone)
  const pressed = pressedMessage(ctx)
  const say = (text: Html, keyboard?: Keyboard) => sendMessage(deps, person, text, keyboard)
  const reach: Reach = {
    deps,
    person,
    texts,
    chatId: person.id,
    press: readPress(ctx),
    say,
    show: async (card: Card) => {
      await Promise.all([answer?.give(), drawScreen(deps, person.id, pressed, card)])
    },
    toast: async (text) => {
      if (!(await answer?.give(text))) await say(escape(text))
    },
    redraw: async () => {
      await answer?.give(texts.common.outdated)
      const screen = await findScreen(deps.db, deps.bot.id, person.id)
      await features.do(ctx as BotContext, readButton(screen?.at ?? '') ?? home)
    },
    go: (action, ...args) => features.do(ctx as BotContext, pressFor(buttonData(action, ...args))),
  }
  Object.assign(ctx, reach)
}

const home = pressFor(buttonData('home'))

function pressFor(data: string): Press {
  const press = readButton(data)
  if (press === undefined) throw new Error(`Expected the data of a button, got ${data}`)
  return press
}

function readPress({ callbackQuery }: Context): Press | undefined {
  return callbackQuery !== undefined && 'data' in callbackQuery ? readButton(callbackQuery.data) : undefined
}

/** The message under which a button was pressed; nothing when Telegram no longer shows it to the bot. */
function pressedMessage({ callbackQuery }: Context): bigint | undefined {
  const id = callbackQuery?.message?.message_id
  return id === undefined ? undefined : BigInt(id)
}

async function sendMessage(
  { telegram }: BotDeps,
  { id }: Person,
  text: Html,
  keyboard: Keyboard = [],
): Promise<bigint> {
  const result = await telegram.call('sendMessage', {
    chat_id: id,
    text,
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    ...(keyboard.length > 0 ? { reply_markup: replyMarkup(keyboard) } : {}),
  })
  const message = readSentMessage(result)
  if (message === undefined) throw new Error('Expected the message that was sent, got none')
  return message.messageId
}
