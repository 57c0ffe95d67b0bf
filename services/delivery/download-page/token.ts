import { createHash } from 'node:crypto'

/** Tokens are 256 random bits in base64url; only their SHA-256 is stored, so the table opens no door. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

export const looksLikeToken = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text)
