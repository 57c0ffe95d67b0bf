import { escape, type Html } from '../telegram/html.ts'
import { type Language } from './language.ts'

/**
 * Figures as people of a language write them. No result holds a character that markup minds, so that it fits both into
 * messages and onto buttons.
 */
export type Format = {
  /** Cents: `1 234,56 $US`, `$1,234.56`. */
  readonly money: (cents: bigint) => Html
  readonly date: (at: Date) => Html
  /** The time of day with its zone, for deadlines within a day. */
  readonly time: (at: Date) => Html
  readonly moment: (at: Date) => Html
  /** `12 min`, `2 h 05`. */
  readonly duration: (minutes: number) => Html
  readonly size: (bytes: bigint | number) => Html
  /** From a thousand on in short: `1.2k`. */
  readonly count: (count: bigint | number) => Html
  /** With one decimal: `4,7`. */
  readonly decimal: (value: number) => Html
}

type Signs = {
  readonly locale: string
  readonly point: string
  readonly thousands: string
  readonly units: readonly string[]
  readonly dollars: (digits: string) => string
}

const noBreak = '\u00a0'
const narrowNoBreak = '\u202f'

const signs: Readonly<Record<Language, Signs>> = {
  fr: {
    locale: 'fr-FR',
    point: ',',
    thousands: narrowNoBreak,
    units: ['o', 'Ko', 'Mo', 'Go'],
    dollars: (digits) => `${digits}${noBreak}$US`,
  },
  en: {
    locale: 'en-US',
    point: '.',
    thousands: ',',
    units: ['B', 'KB', 'MB', 'GB'],
    dollars: (digits) => `$${digits}`,
  },
}

/** The figures of a language in a time zone (IANA name). */
export function formatFor(language: Language, timeZone: string): Format {
  const { locale, point, thousands, dollars } = signs[language]
  const clock = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, ...options })
    return (at: Date) => escape(format.format(at))
  }
  return {
    money: (cents) => escape(money(cents, point, thousands, dollars)),
    date: clock({ dateStyle: 'long' }),
    time: clock({ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' }),
    moment: clock({ day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' }),
    duration: (minutes) => escape(duration(minutes)),
    size: (bytes) => formatSize(bytes, language),
    count: (count) => escape(shortCount(Number(count), point)),
    decimal: (value) => escape(oneDecimal(value, point)),
  }
}

function money(cents: bigint, point: string, thousands: string, dollars: Signs['dollars']): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0')
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, thousands)
  return (cents < 0n ? '-' : '') + dollars(`${whole}${point}${digits.slice(-2)}`)
}

function duration(minutes: number): string {
  const whole = Math.max(0, Math.ceil(minutes))
  if (whole < 120) return `${whole}${noBreak}min`
  const rest = whole % 60
  return `${Math.floor(whole / 60)}${noBreak}h${rest === 0 ? '' : `${noBreak}${String(rest).padStart(2, '0')}`}`
}

/** A size in binary units, with one decimal below ten. */
export const formatSize = (bytes: bigint | number, language: Language): Html =>
  escape(size(Number(bytes), signs[language].units, (value) => oneDecimal(value, signs[language].point)))

const oneDecimal = (value: number, point: string): string => value.toFixed(1).replace(/\.0$/, '').replace('.', point)

function size(bytes: number, units: readonly string[], short: (value: number) => string): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10))
  const value = bytes / 1024 ** power
  const digits = value < 9.95 && power > 0 ? short(value) : String(Math.round(value))
  return `${digits}${noBreak}${units[power] ?? ''}`
}

/** A number of things that were counted to a thousand and no further: `1k+` from there on. */
export const countedNumber = (count: number): string => (count < 1000 ? String(count) : '1k+')

/** `1.2k` from a thousand on, never more than there are. */
function shortCount(count: number, point: string): string {
  if (count < 1000) return String(count)
  const [scaled, unit] = count < 1_000_000 ? [count / 1000, 'k'] : [count / 1_000_000, 'M']
  return `${oneDecimal(Math.floor(scaled * 10) / 10, point)}${unit}`
}
