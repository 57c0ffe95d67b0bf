/** The Bot API objects this emulator speaks, as far as a private chat needs them. */
export type Entity = {
  type: string
  offset: number
  length: number
  url?: string | undefined
  user?: User | undefined
  language?: string | undefined
  custom_emoji_id?: string | undefined
  unix_time?: number | undefined
  date_time_format?: string | undefined
}

export type User = {
  id: number
  is_bot: boolean
  first_name: string
  last_name?: string | undefined
  username?: string | undefined
  language_code?: string | undefined
}

export type PrivateChat = {
  id: number
  first_name: string
  last_name?: string | undefined
  username?: string | undefined
  type: 'private'
}

export type PhotoSize = {
  file_id: string
  file_unique_id: string
  file_size: number
  width: number
  height: number
}

export type Document = {
  file_id: string
  file_unique_id: string
  file_size: number
  file_name?: string | undefined
  mime_type?: string | undefined
  thumbnail?: PhotoSize | undefined
}

export type InlineButton = {
  text: string
  icon_custom_emoji_id?: string | undefined
  style?: string | undefined
  url?: string | undefined
  callback_data?: string | undefined
  switch_inline_query?: string | undefined
  switch_inline_query_current_chat?: string | undefined
  switch_inline_query_chosen_chat?: Record<string, unknown> | undefined
  web_app?: { url: string } | undefined
  login_url?: { url: string } | undefined
  copy_text?: { text: string } | undefined
}

export type InlineKeyboard = { inline_keyboard: InlineButton[][] }

export type LinkPreviewOptions = {
  is_disabled?: boolean | undefined
  url?: string | undefined
  prefer_small_media?: boolean | undefined
  prefer_large_media?: boolean | undefined
  show_above_text?: boolean | undefined
}

export type MessageOrigin = { type: 'user'; date: number; sender_user: User }

export type TextQuote = { text: string; position: number; entities?: Entity[] | undefined; is_manual?: true }

export type Message = {
  message_id: number
  from: User
  chat: PrivateChat
  date: number
  edit_date?: number | undefined
  forward_origin?: MessageOrigin | undefined
  reply_to_message?: Message | undefined
  quote?: TextQuote | undefined
  media_group_id?: string | undefined
  has_protected_content?: true | undefined
  text?: string | undefined
  entities?: Entity[] | undefined
  link_preview_options?: LinkPreviewOptions | undefined
  effect_id?: string | undefined
  photo?: PhotoSize[] | undefined
  document?: Document | undefined
  caption?: string | undefined
  caption_entities?: Entity[] | undefined
  show_caption_above_media?: true | undefined
  has_media_spoiler?: true | undefined
  reply_markup?: InlineKeyboard | undefined
}

export type InaccessibleMessage = { chat: PrivateChat; message_id: number; date: 0 }

export type BotCommand = { command: string; description: string }

export type MenuButton =
  { type: 'default' } | { type: 'commands' } | { type: 'web_app'; text: string; web_app: { url: string } }
