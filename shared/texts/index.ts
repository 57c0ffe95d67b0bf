import { en } from './en.ts'
import { type Format, formatFor } from './format.ts'
import { type Catalogue, fr } from './fr.ts'
import { type Language } from './language.ts'

export { type Format } from './format.ts'
export { type Language, languageFrom, languages } from './language.ts'

/**
 * What a person reads. Texts of type `Html` are safe for `parse_mode: 'HTML'` and escape their values themselves; plain
 * strings are for buttons and toasts, and go through `escape` to become part of a message.
 */
export type Texts = Catalogue & { readonly language: Language; readonly format: Format }

const catalogues: Readonly<Record<Language, (format: Format) => Catalogue>> = { fr, en }
const known = new Map<string, Texts>()

/** The catalogue of a language, with its times in the given zone (IANA name). */
export function textsFor(language: Language, timeZone = 'Europe/Paris'): Texts {
  const key = `${language} ${timeZone}`
  const found = known.get(key)
  if (found !== undefined) return found
  const format = formatFor(language, timeZone)
  const texts = { ...catalogues[language](format), language, format }
  known.set(key, texts)
  return texts
}
