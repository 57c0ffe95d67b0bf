import { type Entity } from '../bot-api.ts'
import { sortEntities } from './text.ts'

const splittable = ['bold', 'italic', 'underline', 'strikethrough', 'spoiler']
const quotes = ['blockquote', 'expandable_blockquote']
const opaque = ['pre', 'code', 'date_time']

const endOf = ({ offset, length }: Entity) => offset + length

/** Makes entities nest: overlapping links or quotations go, styles are merged and cut at the edges of others. */
export function arrangeEntities(entities: Entity[]): Entity[] {
  const sorted = sortEntities(entities)
  const quoted = withoutOverlaps(sorted.filter(({ type }) => quotes.includes(type)))
  const solid = withoutOverlaps(sorted.filter(({ type }) => !quotes.includes(type) && !splittable.includes(type)))
  const frames = sortEntities([...quoted, ...solid.filter((entity) => fitsQuotes(entity, quoted))])
  const styles = splittable.flatMap((type) => mergeStyle(type, sorted))
  return sortEntities([...frames, ...cutStyles(styles, frames)])
}

function withoutOverlaps(entities: Entity[]): Entity[] {
  let end = 0
  return entities.filter((entity) => {
    if (entity.offset < end) return false
    end = endOf(entity)
    return true
  })
}

/** A quotation may contain another entity or be clear of it, but not cross it or lie inside. */
function fitsQuotes(entity: Entity, quoted: Entity[]): boolean {
  return quoted.every((quote) => {
    const isClear = endOf(quote) <= entity.offset || endOf(entity) <= quote.offset
    return isClear || (quote.offset <= entity.offset && endOf(entity) <= endOf(quote))
  })
}

function mergeStyle(type: string, sorted: Entity[]): Entity[] {
  const merged: Entity[] = []
  for (const entity of sorted.filter((other) => other.type === type)) {
    const last = merged.at(-1)
    if (last !== undefined && entity.offset <= endOf(last)) {
      last.length = Math.max(endOf(last), endOf(entity)) - last.offset
    } else {
      merged.push({ ...entity })
    }
  }
  return merged
}

/** A style is cut where another begins in it and at the edges of frames, so that all nest; code has no styles. */
function cutStyles(styles: Entity[], frames: Entity[]): Entity[] {
  const hidden = frames.filter(({ type }) => opaque.includes(type))
  const pieces: Entity[] = []
  for (const style of sortEntities(styles)) {
    const starts = styles.filter((other) => startsInside(other, style)).map(({ offset }) => offset)
    const edges = frames.filter((frame) => crosses(frame, style)).flatMap((frame) => [frame.offset, endOf(frame)])
    pieces.push(...cut(style, [...starts, ...edges]))
  }
  return pieces.filter((piece) => !hidden.some((code) => piece.offset < endOf(code) && code.offset < endOf(piece)))
}

const startsInside = (other: Entity, style: Entity) => other.offset > style.offset && other.offset < endOf(style)

const crosses = (frame: Entity, style: Entity) => frame.offset < endOf(style) && style.offset < endOf(frame)

function cut(style: Entity, at: number[]): Entity[] {
  const inside = at.filter((place) => place > style.offset && place < endOf(style))
  const places = [...new Set([style.offset, ...inside, endOf(style)])].sort((a, b) => a - b)
  return places.slice(1).map((end, index) => {
    const offset = places[index] ?? style.offset
    return { ...style, offset, length: end - offset }
  })
}
