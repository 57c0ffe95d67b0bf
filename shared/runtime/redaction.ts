const mask = '[redacted]'

const secretKey =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-nowpayments-sig|x-api-key|x-telegram-bot-api-secret-token|password|passwd)$|(token|secret|apikey|api_key|applicationkey|signature|backupkey)$/i

const replacements: readonly (readonly [RegExp, string])[] = [
  // a bot's token, in a URL (bot123:abc, also percent-encoded) or alone
  [/\b(bot)?\d{5,}(:|%3A)[\w-]{30,}/gi, '$1' + mask],
  [/\bbot\d+(:|%3A)[\w-]+/gi, 'bot' + mask],
  // signed links: every signing parameter of S3, and tokens in queries
  [/([?&](?:X-Amz-[\w-]+|Signature|sig|token|secret|api_?key|AWSAccessKeyId|Expires)=)[^&\s"'\\]+/gi, `$1${mask}`],
  // a download or upload page's address is the key to it
  [/(\/(?:d|u)(?:\/|#|%23))[\w%-]{16,}/g, `$1${mask}`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${mask}`],
  // credentials in a URL
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)[^\s/@"']+(@)/gi, `$1${mask}$2`],
]

/** Takes secrets out of a text, wherever they stand in it. */
export function redactText(text: string): string {
  return replacements.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text)
}

const deepest = 8

/** A copy fit for the log: secrets masked by the name of their field, errors as plain facts with their causes. */
export function redactFields(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth > deepest) return '[deeper]'
  if (value instanceof Error) return errorFields(value, depth)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map((entry) => redactFields(entry, depth + 1))
  if (value instanceof Map || value instanceof Set) return redactFields([...value], depth)
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, isSecret(key, field) ? mask : redactFields(field, depth + 1)]),
  )
}

const isSecret = (key: string, value: unknown): boolean =>
  secretKey.test(key) && value !== undefined && value !== null && typeof value !== 'boolean'

const errorFacts = ['code', 'syscall', 'constraint', 'table', 'detail', 'where', 'status', 'method', 'exitCode']

function errorFields(error: Error, depth: number): Record<string, unknown> {
  const facts = Object.entries(error).filter(([key]) => errorFacts.includes(key))
  return {
    type: error.name,
    message: redactText(error.message),
    ...(Object.fromEntries(facts.map(([key, fact]) => [key, redactFields(fact, depth + 1)])) as object),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redactFields(error.cause, depth + 1) }),
    ...(error instanceof AggregateError ? { errors: redactFields(error.errors, depth + 1) } : {}),
  }
}
