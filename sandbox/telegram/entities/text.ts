import { type Entity } from '../bot-api.ts'
import { badRequest, type BotApiError } from '../errors.ts'
import { checkLink, linkedUser } from './links.ts'

/** Text with its formatting; offsets and lengths count UTF-16 units, as JavaScript strings do. */
export type FormattedText = { text: string; entities: Entity[] }

export type Place = { offset: number; length: number }

/** What the server says when a parse mode cannot read the text. */
export const parseError = (reason: string): BotApiError => badRequest(`Can't parse entities: ${reason}`)

/** Complaints count bytes, not characters. */
export const byteOffset = (source: string, at: number): number => Buffer.byteLength(source.slice(0, at))

/** The limits count Unicode code points. */
export function countCharacters(text: string): number {
  return Array.from(text).length
}

const typeOrder = [
  'mention hashtag bot_command url email bold italic code pre text_link text_mention cashtag',
  'phone_number underline strikethrough blockquote bank_card_number spoiler custom_emoji',
  'expandable_blockquote date_time',
]
  .join(' ')
  .split(' ')

/** Priority among entities of one place: the more a type binds, the further outside it is. */
function priority({ type }: Entity): number {
  if (type === 'blockquote' || type === 'expandable_blockquote') return 0
  if (type === 'pre' || type === 'code') return 10
  if (type === 'bold' || type === 'italic' || type === 'underline' || type === 'strikethrough' || type === 'spoiler') {
    return 90 + typeOrder.indexOf(type) / 100
  }
  return 50 + typeOrder.indexOf(type) / 100
}

/** By offset, then the longer first, then by how types nest. */
export function sortEntities(entities: Entity[]): Entity[] {
  return [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length || priority(a) - priority(b))
}

/** A link becomes a mention, a text link, or nothing when it is not a link. */
export function linkEntity(link: string, place: Place): Entity[] {
  const id = linkedUser(link)
  if (id !== undefined) return [{ type: 'text_mention', ...place, user: { id, is_bot: false, first_name: '' } }]
  const checked = checkLink(link)
  return checked.kind === 'link' ? [{ type: 'text_link', ...place, url: checked.url }] : []
}
