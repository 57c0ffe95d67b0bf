import { type Entity } from '../bot-api.ts'
import { type FormattedText } from './text.ts'

const simpleTags: Record<string, string> = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
}

/** Text as HTML that is safe to show: b i u s code pre a span.spoiler blockquote br, nothing else. */
export function renderHtml({ text, entities }: FormattedText): string {
  return renderRange(text, entities, 0, text.length)
}

/** Entities nest after `arrangeEntities`, so each is rendered with what lies inside it. */
function renderRange(text: string, entities: Entity[], from: number, to: number): string {
  let html = ''
  let at = from
  let rest = entities
  for (let entity = rest[0]; entity !== undefined; entity = rest[0]) {
    const start = Math.max(entity.offset, at)
    const end = Math.min(entity.offset + entity.length, to)
    html += escapeText(text.slice(at, start))
    const inside = rest.slice(1).filter(({ offset }) => offset < end)
    html += wrap(entity, renderRange(text, inside, start, end), text.slice(start, end))
    rest = rest.slice(1 + inside.length)
    at = Math.max(at, end)
  }
  return html + escapeText(text.slice(at, to))
}

function wrap(entity: Entity, inner: string, covered: string): string {
  const tag = simpleTags[entity.type]
  if (tag !== undefined) return `<${tag}>${inner}</${tag}>`
  if (entity.type === 'spoiler') return `<span class="spoiler">${inner}</span>`
  const link = linkOf(entity, covered)
  return link === undefined ? inner : `<a href="${escapeAttribute(link)}" rel="noreferrer noopener">${inner}</a>`
}

function linkOf(entity: Entity, covered: string): string | undefined {
  if (entity.type === 'text_link') return safeLink(entity.url ?? '')
  if (entity.type === 'url') return safeLink(/^https?:\/\//i.test(covered) ? covered : `http://${covered}`)
  if (entity.type === 'mention') return `https://t.me/${covered.slice(1)}`
  return entity.type === 'email' ? `mailto:${covered}` : undefined
}

const safeLink = (url: string) => (/^(?:https?|tg|ton|tonsite):\/\//i.test(url) ? url : undefined)

const escapeText = (text: string) =>
  text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;' })[character] ?? '&gt;').replace(/\n/g, '<br>')

const escapeAttribute = (value: string) => value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
