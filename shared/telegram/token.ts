const tokens = /bot\d+(?::|%3A)[\w-]+|\d{4,}(?::|%3A)[\w-]{20,}/gi

/** Text without the bot's token, which Telegram puts into every address. */
export const withoutToken = Object.assign((text: string): string => text.replace(tokens, 'bot<token>'), {
  inError: errorWithoutToken,
})

/** What is known of an error, without token and without the objects hanging on it (payloads, sockets, requests). */
function errorWithoutToken(error: unknown): Error {
  const known = error instanceof Error ? error : new Error(String(error))
  const clean = new Error(withoutToken(known.message || known.name))
  clean.name = known.name
  clean.stack = withoutToken(known.stack ?? clean.message)
  return Object.assign(clean, 'code' in known ? { code: String(known.code) } : {})
}

/** The number of the bot, which its token begins with. */
export function botIdOf(token: string): bigint {
  const [, digits] = /^(\d+):[\w-]+$/.exec(token) ?? []
  if (digits === undefined) throw new Error('Expected a bot token of the form digits:letters')
  return BigInt(digits)
}
