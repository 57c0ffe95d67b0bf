import { language, texts } from './texts.js'

const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const dayAndMonth = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' })
const fullDay = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' })
const exact = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' })
const dayMs = 86_400_000

/** @param {number} seconds since 1970 */
export const timeText = (seconds) => clock.format(seconds * 1000)

/** @param {number} seconds since 1970 */
export const exactTimeText = (seconds) => exact.format(seconds * 1000)

/**
 * The day of a moment, as a line between messages says it.
 * @param {number} seconds since 1970
 */
export function dayText(seconds) {
  const day = new Date(seconds * 1000)
  const now = new Date()
  if (day.toDateString() === now.toDateString()) return texts.today
  if (day.toDateString() === new Date(now.getTime() - dayMs).toDateString()) return texts.yesterday
  return (day.getFullYear() === now.getFullYear() ? dayAndMonth : fullDay).format(day)
}

/** @param {number} seconds since 1970 */
export const dayKey = (seconds) => new Date(seconds * 1000).toDateString()

/** @type {[unit: string, bytes: number][]} */
const units = [
  ['gigabyte', 1024 ** 3],
  ['megabyte', 1024 ** 2],
  ['kilobyte', 1024],
]

/**
 * A file's size as people read it.
 * @param {number} bytes
 */
export function sizeText(bytes) {
  const [unit, size] = units.find(([, least]) => bytes >= least) ?? ['byte', 1]
  const options = { style: /** @type {const} */ ('unit'), unit, maximumFractionDigits: 1 }
  return new Intl.NumberFormat(language, options).format(bytes / size)
}

/**
 * Two letters for somebody without a picture.
 * @param {{ first_name: string, last_name?: string }} named
 */
export function initials({ first_name: first, last_name: last = '' }) {
  const [firstLetter = '?'] = first
  const [lastLetter = ''] = last
  return (firstLetter + lastLetter).toLocaleUpperCase(language)
}

/** @param {{ first_name: string, last_name?: string }} named */
export const fullName = ({ first_name: first, last_name: last }) => (last === undefined ? first : `${first} ${last}`)
