import { english } from './texts-en.js'
import { french } from './texts-fr.js'

/** @typedef {typeof english} Texts */

const megabyte = 1024 ** 2
const gigabyte = 1024 ** 3

/** What people read, in the browser's language until the seller's own is known. */
let language = navigator.language.toLowerCase().startsWith('en') ? 'en' : 'fr'

/** @returns {Texts} */
export const texts = () => (language === 'en' ? english : french)

/** @param {string} chosen */
export function speak(chosen) {
  language = chosen === 'en' ? 'en' : 'fr'
  document.documentElement.lang = language
}

/**
 * @param {number} value
 * @param {number} digits
 */
const number = (value, digits) =>
  new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)

/**
 * A size as people read it; MB and GB are those of our limits.
 * @param {number} bytes
 */
export function sizeText(bytes) {
  const [kilo, mega, giga] = language === 'en' ? ['kB', 'MB', 'GB'] : ['ko', 'Mo', 'Go']
  if (bytes >= gigabyte) return `${number(bytes / gigabyte, bytes % gigabyte === 0 ? 0 : 2)} ${giga}`
  if (bytes >= megabyte) return `${number(bytes / megabyte, bytes >= 100 * megabyte ? 0 : 1)} ${mega}`
  return `${number(Math.ceil(bytes / 1024), 0)} ${kilo}`
}

/**
 * How long it still takes, roughly.
 * @param {number} seconds
 */
export function timeText(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
