import { type Entity } from '../bot-api.ts'
import { badRequest } from '../errors.ts'
import { byteOffset, type FormattedText } from './text.ts'

/** Control characters become spaces; `\r`, direction marks and stacking lines disappear. */
export function cleanText(text: string): string {
  return cleanWithEntities({ text, entities: [] }).text
}

/** The same, moving entities along with the text they format; entities must be sorted. */
export function cleanWithEntities({ text, entities }: FormattedText): FormattedText {
  const { cleaned, places } = cleanCharacters(text)
  const moved = entities.map((entity) => {
    const start = placeOf(places, entity.offset, text, entity, 'start')
    const end = placeOf(places, entity.offset + entity.length, text, entity, 'end')
    return { ...entity, offset: start, length: end - start }
  })
  return { text: cleaned, entities: moved.filter(({ length }) => length > 0) }
}

/** `places[i]` is where the character at `i` went; undefined in the middle of a surrogate pair. */
function cleanCharacters(text: string): { cleaned: string; places: (number | undefined)[] } {
  const places: (number | undefined)[] = []
  let cleaned = ''
  for (const character of text) {
    places.push(cleaned.length)
    if (character.length === 2) places.push(undefined)
    cleaned += cleanCharacter(character)
  }
  places.push(cleaned.length)
  return { cleaned, places }
}

function cleanCharacter(character: string): string {
  if (/^(?:[\r\u2028-\u202e]|\u0333|\u033f|\u030a)$/.test(character)) return ''
  return /^[\0-\x20]$/.test(character) && character !== '\n' ? ' ' : character
}

function placeOf(
  places: (number | undefined)[],
  at: number,
  text: string,
  { offset, length }: Entity,
  edge: 'start' | 'end',
): number {
  const place = places[at]
  if (place !== undefined) return place
  const isPastEnd = at >= places.length
  if (edge === 'start') {
    throw badRequest(
      isPastEnd
        ? `Entity begins after the end of the text at UTF-16 offset ${offset}`
        : `Entity begins in a middle of a UTF-16 symbol at byte offset ${byteOffset(text, at + 1)}`,
    )
  }
  throw badRequest(
    isPastEnd
      ? `Entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${offset + length}`
      : `Entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol at byte offset ${byteOffset(text, at + 1)}`,
  )
}

/** Spaces and line breaks around the text are cut; entities that only covered them vanish. */
export function trim({ text, entities }: FormattedText): FormattedText {
  const end = text.replace(/[ \n]+$/, '').length
  const firstEntity = Math.min(end, ...entities.map(({ offset }) => offset))
  const start = /^[ \n]*/.exec(text.slice(0, firstEntity))?.[0].length ?? 0
  const kept = entities.map((entity) => ({
    ...entity,
    offset: entity.offset - start,
    length: Math.min(entity.offset + entity.length, end) - entity.offset,
  }))
  return { text: text.slice(start, end), entities: kept.filter(({ length }) => length > 0) }
}
