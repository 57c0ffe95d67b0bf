import { type Branded } from './brand.ts'

/** Trimmed, in lower case, and of a shape that mail can be sent to. */
export type Email = Branded<string, 'Email'>

export const longestEmail = 254
const longestName = 64

export type EmailFault =
  | { readonly kind: 'empty' | 'no at' | 'several ats' | 'several words' | 'name' | 'domain' }
  | { readonly kind: 'too long'; readonly length: number }

export type EmailReading =
  { readonly kind: 'email'; readonly email: Email } | { readonly kind: 'refused'; readonly fault: EmailFault }

const name = /^[^\s\p{C}"(),:;<>@[\\\]]+$/u
const domain = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*\p{L}$/u

/** Reads an e-mail address as a person types it. */
export function readEmail(text: string): EmailReading {
  const email = text.trim().toLowerCase()
  const fault = faultOf(email)
  return fault === undefined ? { kind: 'email', email: email as Email } : { kind: 'refused', fault }
}

function faultOf(email: string): EmailFault | undefined {
  if (email === '') return { kind: 'empty' }
  const { length } = Array.from(email)
  if (length > longestEmail) return { kind: 'too long', length }
  if (/\s/u.test(email)) return { kind: 'several words' }
  const parts = email.split('@')
  if (parts.length !== 2) return { kind: parts.length < 2 ? 'no at' : 'several ats' }
  const [before = '', after = ''] = parts
  if (!name.test(before) || before.length > longestName || /^\.|\.\.|\.$/.test(before)) return { kind: 'name' }
  return domain.test(after) ? undefined : { kind: 'domain' }
}
