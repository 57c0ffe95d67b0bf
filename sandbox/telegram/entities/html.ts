import { badRequest } from '../errors.ts'
import { type Entity } from '../bot-api.ts'
import { readReference } from './html-reference.ts'
import { readStartTag, type StartTag } from './html-tag.ts'
import { type FormattedText, byteOffset, linkEntity, parseError, sortEntities } from './text.ts'

type OpenTag = StartTag & { offset: number }

type State = { source: string; at: number; text: string; open: OpenTag[]; entities: Entity[]; hasHalf: boolean }

const plainTypes: Record<string, string> = {
  i: 'italic',
  em: 'italic',
  b: 'bold',
  strong: 'bold',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  u: 'underline',
  ins: 'underline',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
}

/** `parse_mode: HTML`, with the server's own complaints. */
export function parseHtml(source: string): FormattedText {
  const state: State = { source, at: 0, text: '', open: [], entities: [], hasHalf: false }
  while (state.at < source.length) readNext(state)
  const unclosed = state.open.at(-1)
  if (unclosed !== undefined) {
    throw parseError(`Can't find end tag corresponding to start tag "${unclosed.name}"`)
  }
  if (state.hasHalf && !state.text.isWellFormed()) {
    throw parseError(
      'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units',
    )
  }
  for (const entity of state.entities) if (entity.type === 'code') delete entity.language
  return { text: state.text, entities: sortEntities(state.entities) }
}

function readNext(state: State): void {
  const { source, at } = state
  const character = source.charAt(at)
  if (character === '&') {
    readText(state)
    return
  }
  if (character !== '<') {
    state.text += character
    state.at++
    return
  }
  if (source[at + 1] === '/') {
    readEndTag(state)
    return
  }
  const { tag, end } = readStartTag(source, at)
  state.open.push({ ...tag, offset: state.text.length })
  state.at = end
}

function readText(state: State): void {
  const reference = readReference(state.source, state.at)
  if (reference === undefined) {
    state.text += '&'
    state.at++
    return
  }
  if (reference.code >= 0xd800 && reference.code <= 0xdfff) state.hasHalf = true
  state.text += String.fromCodePoint(reference.code)
  state.at = reference.end
}

function readEndTag(state: State): void {
  const { source, at } = state
  const tag = state.open.at(-1)
  if (tag === undefined) throw parseError(`Unexpected end tag at byte offset ${byteOffset(source, at)}`)
  const [matched = '', name = ''] = /^<\/([^\s>\0]*)[\s\0]*/.exec(source.slice(at)) ?? []
  const end = at + matched.length
  if (source[end] !== '>') throw parseError(`Unclosed end tag at byte offset ${byteOffset(source, at)}`)
  const found = name.toLowerCase()
  if (found !== '' && found !== tag.name) {
    const place = `at byte offset ${byteOffset(source, at)}`
    throw parseError(`Unmatched end tag ${place}, expected "</${tag.name}>", found "</${found}>"`)
  }
  if (state.text.length > tag.offset) closeTag(state, tag)
  state.open.pop()
  state.at = end + 1
}

function closeTag(state: State, tag: OpenTag): void {
  const place = { offset: tag.offset, length: state.text.length - tag.offset }
  const plain = plainTypes[tag.name]
  if (plain !== undefined) state.entities.push({ type: plain, ...place })
  else if (tag.name === 'pre' || tag.name === 'code') closeCode(state, tag, place)
  else state.entities.push(...specialEntity(state, tag, place))
}

/** `<pre><code class="language-x">` is one entity, whichever of the two tags is outside. */
function closeCode(state: State, tag: OpenTag, place: { offset: number; length: number }): void {
  const last = state.entities.at(-1)
  const isSamePlace = last?.offset === place.offset && last.length === place.length
  const isPre = tag.name === 'pre'
  if (isPre && isSamePlace && last.type === 'code' && last.language !== undefined) {
    last.type = 'pre'
  } else if (!isPre && isSamePlace && last.type === 'pre' && tag.argument !== '') {
    last.language = tag.argument
  } else {
    const language = !isPre && tag.argument !== '' ? tag.argument : undefined
    state.entities.push({ type: tag.name, ...place, language })
  }
}

function specialEntity(state: State, tag: OpenTag, place: { offset: number; length: number }): Entity[] {
  switch (tag.name) {
    case 'a':
      return linkEntity(tag.argument === '' ? state.text.slice(place.offset) : tag.argument, place)
    case 'tg-emoji':
      if (!/^-?[1-9]\d{0,18}$/.test(tag.argument)) throw badRequest('Invalid custom emoji identifier specified')
      return [{ type: 'custom_emoji', ...place, custom_emoji_id: tag.argument }]
    case 'tg-time':
      return timeEntity(tag, place)
    default:
      return [{ type: tag.argument === '' ? 'blockquote' : 'expandable_blockquote', ...place }]
  }
}

function timeEntity({ unix, argument }: OpenTag, place: { offset: number; length: number }): Entity[] {
  if (!/^(?:[rR]|[tTdDwW]*)$/.test(argument)) throw parseError('Invalid date format used')
  return unix > 0 ? [{ type: 'date_time', ...place, unix_time: unix, date_time_format: argument }] : []
}
