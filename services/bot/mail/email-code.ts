import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The six digits that belong to an id. They are kept nowhere, not even hashed: six digits behind a hash are found in a
 * second, while this takes the bot's token. A mail sent again says the same code.
 */
export function codeOf(token: string, id: string): string {
  const digest = createHmac('sha256', token).update(`e-mail code ${id}`).digest()
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

/** Compares what somebody typed with the code of an id, in a time that tells nothing. */
export const isCodeOf = (token: string, id: string, typed: string): boolean => {
  const [expected, got] = [codeOf(token, id), typed].map((text) => createHmac('sha256', token).update(text).digest())
  return expected !== undefined && got !== undefined && timingSafeEqual(expected, got)
}
