import { type Branded } from '../domain/brand.ts'

/** Text that is safe to send with `parse_mode: 'HTML'`. Only this module makes it. */
export type Html = Branded<string, 'Html'>

const trusted = (text: string): Html => text as Html

export const nothing = trusted('')

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

// Telegram drops or refuses controls; overrides of direction would turn the rest of the line around.
const unwanted = /[\u0000-\u0008\u000b-\u001f\u007f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Shows any text literally. */
export const escape = (text: string): Html =>
  trusted(
    text
      .toWellFormed()
      .replace(unwanted, '')
      .replace(/[&<>"]/g, (character) => entities[character] ?? character),
  )

/** Markup with values. A plain string does not fit the type: it goes through `escape` or `code` first. */
export const html = (strings: readonly string[], ...values: readonly (Html | number | bigint)[]): Html =>
  trusted(String.raw({ raw: strings }, ...values))

export const bold = (content: Html): Html => html`<b>${content}</b>`
export const italic = (content: Html): Html => html`<i>${content}</i>`

/** Monospace, and copied by a tap. */
export const code = (text: string): Html => html`<code>${escape(text)}</code>`

/** A paragraph set apart, folded when it is long. */
export const quote = (content: Html): Html => html`<blockquote expandable>${content}</blockquote>`

/** A link to a web page or into Telegram; any other address is shown as its label alone. */
export const link = (label: Html, address: string): Html =>
  /^(https?|tg):\/\//i.test(address) ? html`<a href="${escape(address)}">${label}</a>` : label

type Line = Html | undefined

const joined = (lines: readonly Line[], between: string): Html =>
  trusted(lines.filter((line) => line !== undefined && line !== '').join(between))

/** One under the other; what is absent or empty takes no line. */
export const lines = (...content: readonly Line[]): Html => joined(content, '\n')

/** The same with an empty line between. */
export const paragraphs = (...content: readonly Line[]): Html => joined(content, '\n\n')

/** Beside each other, with a middle dot between. */
export const dotted = (...content: readonly Line[]): Html => joined(content, ' · ')
