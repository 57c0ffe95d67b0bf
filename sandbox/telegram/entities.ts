import { type Entity } from './bot-api.ts'
import { arrangeEntities } from './entities/arrange.ts'
import { cleanWithEntities, trim } from './entities/clean.ts'
import { findEntities } from './entities/find.ts'
import { parseHtml } from './entities/html.ts'
import { parseMarkdown } from './entities/markdown.ts'
import { parseMarkdownV2 } from './entities/markdown-v2.ts'
import { type FormattedText, countCharacters, linkEntity, sortEntities } from './entities/text.ts'
import { badRequest } from './errors.ts'
import { isObject, type JsonObject, optionalText, parsing, requiredInteger, requiredText, ShapeError } from './json.ts'

export type { FormattedText }

/** Text as it comes with a request: a parse mode wins over a list of entities. */
export type TextInput = { text: string; parseMode: string; entities: unknown }

const maxInputBytes = 1 << 15

/** The text of a message: parsed, cleaned, trimmed, at most 4096 characters. */
export function readMessageText(input: TextInput): FormattedText {
  if (input.text === '') throw badRequest('Message text is empty')
  const formatted = formatText(input)
  if (formatted.text === '') throw badRequest('Text must be non-empty')
  if (countCharacters(formatted.text) > 4096) throw badRequest('Message is too long')
  return formatted
}

/** A caption: may be empty, at most 1024 characters. */
export function readCaption(input: TextInput): FormattedText {
  const formatted = formatText(input)
  if (countCharacters(formatted.text) > 1024) throw badRequest('Message caption is too long')
  return formatted
}

/** What a person types: no parse mode, but links and commands are found. */
export function readPlainText(text: string): FormattedText {
  return finish({ text, entities: [] })
}

function formatText(input: TextInput): FormattedText {
  if (Buffer.byteLength(input.text) > maxInputBytes) throw badRequest('Text is too long')
  if (!input.text.isWellFormed()) throw badRequest('Strings must be encoded in UTF-8')
  return finish(parse(input))
}

function parse({ text, parseMode, entities }: TextInput): FormattedText {
  switch (text === '' ? '' : parseMode.toLowerCase()) {
    case '':
    case 'none':
      return { text, entities: readEntities(entities) }
    case 'html':
      return parseHtml(text)
    case 'markdown':
      return parseMarkdown(text)
    case 'markdownv2':
      return parseMarkdownV2(text)
    default:
      throw badRequest('Unsupported parse_mode')
  }
}

function finish({ text, entities }: FormattedText): FormattedText {
  const present = sortEntities(entities.filter(({ length }) => length > 0))
  const cleaned = trim(cleanWithEntities({ text, entities: arrangeEntities(present) }))
  return {
    text: cleaned.text,
    entities: arrangeEntities([...cleaned.entities, ...findEntities(cleaned.text, cleaned.entities)]),
  }
}

function readEntities(value: unknown): Entity[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((item: unknown) => parsing('MessageEntity', () => readEntity(item)))
}

const styles = 'bold italic underline strikethrough spoiler blockquote expandable_blockquote code'.split(' ')
const foundByServer = 'mention hashtag cashtag bot_command url email phone_number bank_card_number'.split(' ')

function readEntity(value: unknown): Entity[] {
  if (!isObject(value)) throw new ShapeError('expected an Object')
  const place = { offset: requiredInteger(value, 'offset'), length: requiredInteger(value, 'length') }
  checkBounds(place)
  const type = requiredText(value, 'type')
  if (foundByServer.includes(type)) return []
  if (styles.includes(type)) return [{ type, ...place }]
  return readSpecialEntity(type, value, place)
}

function readSpecialEntity(type: string, value: JsonObject, place: { offset: number; length: number }): Entity[] {
  switch (type) {
    case 'pre':
      return [{ type, ...place, language: optionalText(value, 'language') || undefined }]
    case 'text_link':
      return linkEntity(requiredText(value, 'url'), place)
    case 'text_mention': {
      const user = isObject(value['user']) ? value['user'] : {}
      return [{ type, ...place, user: { id: requiredInteger(user, 'id'), is_bot: false, first_name: '' } }]
    }
    case 'custom_emoji':
      return [{ type, ...place, custom_emoji_id: requiredText(value, 'custom_emoji_id') }]
    case 'date_time': {
      const format = optionalText(value, 'date_time_format')
      return [{ type, ...place, unix_time: requiredInteger(value, 'unix_time'), date_time_format: format }]
    }
    default:
      throw new ShapeError('Unsupported type specified')
  }
}

function checkBounds({ offset, length }: { offset: number; length: number }): void {
  if (offset < 0 || offset > 1_000_000) throw badRequest(`Receive an entity with incorrect offset ${offset}`)
  if (length < 0 || length > 1_000_000) throw badRequest(`Receive an entity with incorrect length ${length}`)
}
