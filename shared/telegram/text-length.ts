import { escape, type Html } from './html.ts'

export const longestMessage = 4096
export const longestCaption = 1024
/** What `answerCallbackQuery` shows at most. */
export const longestToast = 200

/** Shortens plain text to so many characters (code points, as Telegram counts them), with an ellipsis. Before escaping. */
export function cut(text: string, most: number): string {
  const letters = Array.from(text)
  if (letters.length <= most) return text
  return most < 1
    ? ''
    : `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

/** All of a plain text, in parts of at most so many characters. Before escaping. */
export function partsOf(text: string, most: number): string[] {
  const letters = Array.from(text)
  const count = Math.ceil(letters.length / most)
  return Array.from({ length: count }, (_, index) => letters.slice(index * most, (index + 1) * most).join(''))
}

const pieces = /<[^>]*>|&(?:[a-z]+|#\d+);|[^]/gu

const isTag = (piece: string): boolean => piece.length > 1 && piece.startsWith('<')

/** The characters left once Telegram has read the markup: what its limits count. */
export function visibleLength(content: Html): number {
  return (content.match(pieces) ?? []).filter((piece) => !isTag(piece)).length
}

/** Keeps content within a limit. What is too long ends with an ellipsis and with its tags closed. */
export function fit(content: Html, most: number): Html {
  if (visibleLength(content) <= most) return content
  const kept: string[] = []
  const open: string[] = []
  let room = most - 1
  for (const piece of content.match(pieces) ?? []) {
    if (isTag(piece)) follow(piece, open)
    else if (room-- <= 0) break
    kept.push(piece)
  }
  return [...kept, '…', ...open.reverse().map((name) => `</${name}>`)].join('') as Html
}

function follow(tag: string, open: string[]): void {
  const [, slash = '', name = ''] = /^<(\/?)([a-z-]+)/i.exec(tag) ?? []
  if (slash === '') open.push(name)
  else open.pop()
}

export const asMessage = (content: Html): Html => fit(content, longestMessage)
export const asCaption = (content: Html): Html => fit(content, longestCaption)

/** Content with one part of any length (a description), which is cut so that all the rest stays. */
export function withElastic(most: number, text: string, build: (part: Html) => Html): Html {
  const taken = visibleLength(build(escape('')))
  const whole = build(escape(text))
  if (visibleLength(whole) <= most) return whole
  return fit(build(escape(cut(text, Math.max(0, most - taken - 2)))), most)
}
