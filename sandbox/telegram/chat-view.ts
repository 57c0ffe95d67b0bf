import { type InlineButton } from './bot-api.ts'
import { type ChatEvent, type ChatKey } from './chats.ts'
import { type FormattedText } from './entities.ts'
import { renderHtml } from './entities/render.ts'
import { type Content, type StoredMessage } from './messages.ts'
import { commandsFor } from './methods/my-commands.ts'
import { type KeyboardButton, type ReplyMarkup } from './reply-markup.ts'
import { openChat, type Side } from './person.ts'
import { type World } from './world.ts'

/** A button of an inline keyboard as the chat page shows it. */
export type ButtonView = {
  text: string
  kind: 'callback' | 'url' | 'copy' | 'switch_inline' | 'web_app'
  data?: string | undefined
  url?: string | undefined
  copy?: string | undefined
  query?: string | undefined
  style?: string | undefined
}

/** A message as the chat page shows it; `html` is safe to insert. */
export type ChatMessage = {
  message_id: number
  date: number
  edit_date?: number | undefined
  from: 'bot' | 'person'
  text?: string | undefined
  caption?: string | undefined
  html: string
  photo?: { file_id: string; width: number; height: number } | undefined
  document?: DocumentView | undefined
  reply_to?: { message_id: number; snippet: string } | undefined
  keyboard?: ButtonView[][] | undefined
  reply_keyboard?: ReplyKeyboardView | undefined
  album_id?: string | undefined
  forwarded?: true | undefined
  protected?: true | undefined
}

export type DocumentView = {
  file_id: string
  file_name: string
  mime_type: string
  file_size: number
  thumbnail_file_id?: string | undefined
}

export type ReplyKeyboardView =
  | { kind: 'keyboard'; rows: KeyboardButton[][]; resize: boolean; one_time: boolean; placeholder: string }
  | { kind: 'remove' }
  | { kind: 'force_reply'; placeholder: string }

/** What a person sees of a message. */
export function viewMessage(world: World, message: StoredMessage): ChatMessage {
  const { content, markup } = message
  return {
    message_id: message.id,
    date: message.date,
    edit_date: message.editDate,
    from: message.from,
    ...viewContent(content),
    reply_to: viewReply(world, message),
    keyboard: markup?.kind === 'inline' ? markup.rows.map((row) => row.map(viewButton)) : undefined,
    reply_keyboard: viewReplyKeyboard(markup),
    album_id: message.albumId,
    forwarded: message.origin === undefined ? undefined : true,
    protected: message.isProtected === true ? true : undefined,
  }
}

function viewContent(content: Content) {
  if (content.kind === 'text') return { text: content.text, html: renderHtml(content) }
  const caption = content.caption.text === '' ? undefined : content.caption.text
  const html = renderHtml(content.caption)
  if (content.kind === 'photo') {
    const largest = content.photo.at(-1)
    const photo = largest && { file_id: largest.file_id, width: largest.width, height: largest.height }
    return { caption, html, photo }
  }
  const { file_id, file_name = 'file', mime_type = 'application/octet-stream', file_size, thumbnail } = content.document
  return {
    caption,
    html,
    document: { file_id, file_name, mime_type, file_size, thumbnail_file_id: thumbnail?.file_id },
  }
}

function viewReply(world: World, message: StoredMessage) {
  if (message.replyTo === undefined) return undefined
  const replied = world.chats.message(message, message.replyTo.id)
  if (replied === undefined) return undefined
  return { message_id: replied.id, snippet: message.replyTo.quote?.text ?? snippet(replied.content) }
}

function snippet(content: Content): string {
  const { text }: FormattedText = content.kind === 'text' ? content : content.caption
  if (text !== '') return Array.from(text).slice(0, 80).join('')
  return content.kind === 'document' ? (content.document.file_name ?? 'File') : 'Photo'
}

function viewButton(button: InlineButton): ButtonView {
  const { text, style } = button
  if (button.callback_data !== undefined) return { text, style, kind: 'callback', data: button.callback_data }
  if (button.copy_text !== undefined) return { text, style, kind: 'copy', copy: button.copy_text.text }
  if (button.web_app !== undefined) return { text, style, kind: 'web_app', url: button.web_app.url }
  const query = button.switch_inline_query ?? button.switch_inline_query_current_chat
  const chosen = button.switch_inline_query_chosen_chat?.['query']
  if (query !== undefined) return { text, style, kind: 'switch_inline', query }
  if (typeof chosen === 'string') return { text, style, kind: 'switch_inline', query: chosen }
  return { text, style, kind: 'url', url: button.url ?? button.login_url?.url }
}

function viewReplyKeyboard(markup: ReplyMarkup | undefined): ReplyKeyboardView | undefined {
  if (markup === undefined || markup.kind === 'inline') return undefined
  if (markup.kind !== 'keyboard') return markup
  const { kind, rows, resize, placeholder } = markup
  return { kind, rows, resize, one_time: markup.oneTime, placeholder }
}

/** An event as the chat page receives it. */
export function viewEvent(world: World, side: Side, event: ChatEvent): Record<string, unknown> {
  if (event.type === 'message') return { type: 'message', message: viewMessage(world, event.message) }
  if (event.type !== 'chat') return event
  const { blocked, started } = openChat(world, side)
  return { type: 'chat', blocked, started, commands: commandsFor(side.bot, side.person) }
}

/** All messages of a chat, oldest first. */
export function viewMessages(world: World, chat: ChatKey): ChatMessage[] {
  return world.chats.messages(chat).map((message) => viewMessage(world, message))
}
