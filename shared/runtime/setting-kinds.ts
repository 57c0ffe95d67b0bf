import { z } from 'zod'

/** Kinds of variables: from text to a value, with the words that tell an operator what is expected. */

const text = z.string()

const url = (protocols: readonly string[], expected: string) =>
  text
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol))
    .transform((value) => value.replace(/\/+$/, ''))
    .describe(expected)

export const nonEmpty = text.min(1).describe('a non-empty text')

export const matching = (pattern: RegExp, expected: string) => text.regex(pattern).describe(expected)

export const choice = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  text.pipe(z.enum(values)).describe(`one of ${values.join(', ')}`)

export const choices = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  text
    .transform((list) => [...new Set(list.split(',').map((part) => part.trim().toLowerCase()))])
    .pipe(z.array(z.enum(values)).min(1))
    .describe(`a comma-separated list out of ${values.join(', ')}`)

export const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  text
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .describe(
      max === Number.MAX_SAFE_INTEGER ? `a whole number, at least ${min}` : `a whole number from ${min} to ${max}`,
    )

/** A decimal as an exact integer of its smallest part: `hundredths` of "3.14" is 314n. */
const scaled = (digits: number, expected: string) =>
  text
    .regex(new RegExp(`^\\d{1,12}(\\.\\d{1,${digits}})?$`))
    .transform((value) => {
      const [whole = '', part = ''] = value.split('.')
      return BigInt(whole + part.padEnd(digits, '0'))
    })
    .describe(expected)

/** Dollars in the environment, cents in the program. */
export const dollarAmount = scaled(2, 'an amount in dollars like 9.99, not negative')

/** "3.14" percent is 314n basis points: hundredths of a percent. */
export const percent = (max: number) =>
  scaled(2, `a percentage from 0 to ${max}, at most two decimals`).refine((points) => points <= BigInt(max) * 100n)

/** "0.5" GB is 536,870,912 bytes: 1 GB is 1024 × 1024 × 1024. Nine digits name any size down to a byte or two. */
export const gigabytes = scaled(9, 'a size in gigabytes greater than 0')
  .transform((billionths) => Number((billionths * 1_073_741_824n) / 1_000_000_000n))
  .pipe(z.number().positive().max(Number.MAX_SAFE_INTEGER))
  .describe('a size in gigabytes greater than 0')

export const trueOrFalse = text
  .pipe(z.enum(['true', 'false']))
  .transform((value) => value === 'true')
  .describe('true or false')

export const httpUrl = url(['http:', 'https:'], 'an http:// or https:// URL')
export const httpsUrl = url(['https:'], 'an https:// URL')

export const timeZone = text.refine(isTimeZone).describe('an IANA time zone name like Europe/Paris')

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false // RangeError is how Intl says no
  }
}

export const emailAddress = matching(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/, 'an e-mail address')

export const natsServers = text
  .transform((list) => list.split(',').map((server) => server.trim()))
  .pipe(z.array(text.refine((server) => /^(nats|tls):\/\/[^\s/]/.test(server) && URL.canParse(server))).min(1))
  .describe('nats:// or tls:// URLs, separated by commas')

export const telegramIds = text
  .regex(/^[1-9]\d{0,14}(\s*,\s*[1-9]\d{0,14})*$/)
  .transform((list) => [...new Set(list.split(',').map((id) => BigInt(id.trim())))])
  .describe('a Telegram user id, or several separated by commas')

export const key32 = text
  .transform((value) => Buffer.from(value, 'base64'))
  .refine((key) => key.length === 32)
  .describe('32 bytes in base64')

/** Loopback, a private network, or a name only such a network knows. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (host.includes(':')) return host === '::1' || /^(fc|fd|fe80)/.test(host)
  return !host.includes('.') || privateNames.test(host) || privateAddresses.test(host)
}

const privateNames = /\.(localhost|local|internal|lan|home\.arpa)$/
const privateAddresses = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)\d+(\.\d+)*$/
