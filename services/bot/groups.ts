import { type Context, type MiddlewareFn } from 'telegraf'
import { languageFrom, textsFor } from '../../shared/texts/index.ts'
import { type BotDeps } from './context.ts'
import { linkButton, replyMarkup } from './keyboard.ts'

/** The shop is open in private chats only. Elsewhere `/start` gets one line and the way in, everything else silence. */
export function answerStranger(deps: BotDeps): MiddlewareFn<Context> {
  return async (ctx, next) => {
    if (isPrivate(ctx)) return next()
    if (!isCalled(ctx, deps.bot.username) || ctx.chat === undefined) return
    const { groups } = textsFor(languageFrom(ctx.from?.language_code, deps.config.defaultLanguage))
    const keyboard = [[linkButton(groups.open, `https://t.me/${deps.bot.username}?start`)]]
    await deps.telegram.call('sendMessage', {
      chat_id: ctx.chat.id,
      text: groups.privateOnly,
      parse_mode: 'HTML',
      reply_markup: replyMarkup(keyboard),
    })
  }
}

/** A person in their own chat. Presses of buttons under inline messages have no chat at all. */
const isPrivate = ({ chat, from }: Context): boolean =>
  from !== undefined && !from.is_bot && chat?.type === 'private' && chat.id === from.id

function isCalled({ message }: Context, username: string): boolean {
  const text = message !== undefined && 'text' in message ? message.text.trim().toLowerCase() : ''
  return text === `/start@${username.toLowerCase()}`
}
