/** How long a text may be, in characters as people count them (code points). */
export type TextLimits = { readonly least: number; readonly most: number }

export const titleLimits: TextLimits = { least: 5, most: 100 }
export const descriptionLimits: TextLimits = { least: 10, most: 1000 }
export const changelogLimits: TextLimits = { least: 0, most: 200 }

/** Why a text is not taken; `length` is what it really has, once cleaned. Nothing is ever cut silently. */
export type TextFault = { readonly kind: 'too short' | 'too long'; readonly length: number }

export type CleanedText =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'refused'; readonly fault: TextFault }

/** Signs that turn the direction of reading, or that nobody sees: half of a character and fillers included. */
const hidden =
  /[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\uffff]/gu

/** Something to see, besides what only joins or accents other signs. */
const visible = /[^\s\p{M}\p{Cf}]/u

const lineBreak = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/gu

/** A title, a changelog: one line. */
export function readLine(text: string, limits: TextLimits): CleanedText {
  return measured(
    withoutHidden(text)
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
    limits,
  )
}

/** A description: line breaks are kept, at most two in a row. */
export function readParagraphs(text: string, limits: TextLimits): CleanedText {
  const clean = withoutHidden(text.replace(lineBreak, '\n'))
    .replace(/[^\S\n]+|[^\P{Cc}\n]+/gu, ' ')
    .replace(/ *\n */gu, '\n')
    .replace(/ {2,}/gu, ' ')
    .replace(/\n{3,}/gu, '\n\n')
    .trim()
  return measured(clean, limits)
}

export const readTitle = (text: string): CleanedText => readLine(text, titleLimits)
export const readDescription = (text: string): CleanedText => readParagraphs(text, descriptionLimits)
export const readChangelog = (text: string): CleanedText => readLine(text, changelogLimits)

const withoutHidden = (text: string): string => text.toWellFormed().replace(hidden, '').normalize('NFC')

function measured(text: string, { least, most }: TextLimits): CleanedText {
  const length = visible.test(text) ? Array.from(text).length : 0
  if (length < least) return { kind: 'refused', fault: { kind: 'too short', length } }
  if (length > most) return { kind: 'refused', fault: { kind: 'too long', length } }
  return { kind: 'text', text }
}
