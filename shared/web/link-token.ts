import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What opens a page for whoever holds it: 256 random bits in base64url. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** Only the SHA-256 of a token is stored, so the table opens no door. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

export const looksLikeToken = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text)

/** Compares two hashes in a time that tells nothing of where they differ. */
export const isSameHash = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
