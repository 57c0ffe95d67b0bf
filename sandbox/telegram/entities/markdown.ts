import { type Entity } from '../bot-api.ts'
import { type FormattedText, byteOffset, linkEntity, parseError } from './text.ts'

type State = { source: string; at: number; text: string; entities: Entity[] }

/** The legacy `parse_mode: Markdown`: no nesting, and no escaping inside an entity. */
export function parseMarkdown(source: string): FormattedText {
  const state: State = { source, at: 0, text: '', entities: [] }
  while (state.at < source.length) readNext(state)
  return { text: state.text, entities: state.entities }
}

function readNext(state: State): void {
  const { source, at } = state
  const character = source.charAt(at)
  if (character === '\\' && /^[_*`[]/.test(source.charAt(at + 1))) {
    state.text += source.charAt(at + 1)
    state.at += 2
  } else if (/[_*`[]/.test(character)) {
    readEntity(state, character)
  } else {
    state.text += character
    state.at++
  }
}

function readEntity(state: State, mark: string): void {
  const { source, at } = state
  const isPre = source.startsWith('```', at)
  const opening = isPre ? readPreOpening(source, at + 3) : { language: '', start: at + 1 }
  const closing = isPre ? '```' : mark === '[' ? ']' : mark
  const end = source.indexOf(closing, opening.start)
  if (end === -1) throw parseError(`Can't find end of the entity starting at byte offset ${byteOffset(source, at)}`)
  const content = source.slice(opening.start, end)
  const place = { offset: state.text.length, length: content.length }
  state.text += content
  state.at = end + closing.length
  if (content === '') return
  const target = mark === '[' ? readTarget(state, content) : ''
  state.entities.push(...entityOf(mark, isPre, { ...place }, target || opening.language))
}

/** The place in parentheses after `[text]`; without one the text itself is the link. */
function readTarget(state: State, content: string): string {
  if (state.source[state.at] !== '(') return content
  const close = state.source.indexOf(')', state.at)
  const end = close === -1 ? state.source.length : close
  const target = state.source.slice(state.at + 1, end)
  state.at = end + 1
  return target
}

function entityOf(mark: string, isPre: boolean, place: { offset: number; length: number }, argument: string): Entity[] {
  if (mark === '[') return linkEntity(argument, place)
  if (isPre) return [{ type: 'pre', ...place, language: argument === '' ? undefined : argument }]
  return [{ type: { _: 'italic', '*': 'bold' }[mark] ?? 'code', ...place }]
}

/** After three backticks: an optional language, then one line break that is not part of the text. */
export function readPreOpening(source: string, from: number): { language: string; start: number } {
  const language = /^[^\s`]+(?=\s)/.exec(source.slice(from))?.[0] ?? ''
  const start = from + language.length
  const lineBreak = /^(?:\r\n|\n\r|\n|\r)/.exec(source.slice(start))?.[0] ?? ''
  return { language, start: start + lineBreak.length }
}
