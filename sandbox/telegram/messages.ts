import { randomInt } from 'node:crypto'
import { type Document, type Entity, type LinkPreviewOptions, type Message, type MessageOrigin } from './bot-api.ts'
import { type PhotoSize, type TextQuote } from './bot-api.ts'
import { type Bot, botUser } from './bots.ts'
import { type FormattedText } from './entities.ts'
import { type Person, personUser, privateChat } from './people.ts'
import { type ReplyMarkup } from './reply-markup.ts'

/** What a message shows. */
export type Content =
  | { kind: 'text'; text: string; entities: Entity[]; linkPreview?: LinkPreviewOptions | undefined }
  | ({ kind: 'photo'; photo: PhotoSize[]; isAbove?: boolean; isHidden?: boolean } & Caption)
  | ({ kind: 'document'; document: Document } & Caption)

export type Caption = { caption: FormattedText }

export const newAlbumId = (): string => String(13_000_000_000_000_000n + BigInt(randomInt(2 ** 40)))

/** A message as the emulator keeps it. */
export type StoredMessage = {
  botId: number
  personId: number
  id: number
  date: number
  editDate?: number | undefined
  from: 'bot' | 'person'
  content: Content
  markup?: ReplyMarkup | undefined
  replyTo?: { id: number; quote?: TextQuote | undefined } | undefined
  origin?: MessageOrigin | undefined
  albumId?: string | undefined
  effectId?: string | undefined
  isProtected?: boolean | undefined
}

/** A message as the Bot API shows it; `replied` is the message it answers, if that still exists. */
export function toMessage(stored: StoredMessage, bot: Bot, person: Person, replied?: StoredMessage): Message {
  return {
    message_id: stored.id,
    from: stored.from === 'bot' ? botUser(bot) : personUser(person),
    chat: privateChat(person),
    date: stored.date,
    edit_date: stored.editDate,
    forward_origin: stored.origin,
    reply_to_message: replied === undefined ? undefined : toMessage(replied, bot, person),
    quote: replied === undefined ? undefined : stored.replyTo?.quote,
    media_group_id: stored.albumId,
    has_protected_content: stored.isProtected === true ? true : undefined,
    effect_id: stored.effectId,
    ...contentFields(stored.content),
    reply_markup: stored.markup?.kind === 'inline' ? { inline_keyboard: stored.markup.rows } : undefined,
  }
}

function contentFields(content: Content): Partial<Message> {
  switch (content.kind) {
    case 'text':
      return {
        text: content.text,
        entities: present(content.entities),
        link_preview_options: content.linkPreview,
      }
    case 'photo':
      return {
        photo: content.photo,
        ...captionFields(content),
        show_caption_above_media: content.isAbove === true ? true : undefined,
        has_media_spoiler: content.isHidden === true ? true : undefined,
      }
    case 'document':
      return { document: content.document, ...captionFields(content) }
  }
}

function captionFields({ caption: { text, entities } }: Caption): Partial<Message> {
  return text === '' ? {} : { caption: text, caption_entities: present(entities) }
}

const present = (entities: Entity[]) => (entities.length === 0 ? undefined : entities)
