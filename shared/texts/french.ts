import { html, type Html } from '../telegram/html.ts'

/** French puts spaces before its double punctuation; none of them may end a line. Sources keep ordinary spaces. */
const spaced = (text: string): string =>
  text
    .replace(/ ([;!?])/g, '\u202f$1')
    .replace(/ ([:»%€])/g, '\u00a0$1')
    .replace(/« /g, '«\u00a0')

/** A French message with values. */
export const phrase = (strings: TemplateStringsArray, ...values: readonly (Html | number | bigint)[]): Html =>
  html(strings.map(spaced), ...values)

/** French plain text, for buttons and toasts. */
export const label = (strings: TemplateStringsArray, ...values: readonly (string | number | bigint)[]): string =>
  String.raw({ raw: strings.map(spaced) }, ...values)
