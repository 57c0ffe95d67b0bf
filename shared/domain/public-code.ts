import { type Branded } from './brand.ts'

/** Names a product or shop (8 characters) or an order (10) in links and in talk. It grants nothing. */
export type PublicCode = Branded<string, 'PublicCode'>

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export const productCodeLength = 8
export const orderCodeLength = 10

/** Turns random bytes into a code of as many characters; 256 is a multiple of 32, so no character is likelier. */
export const codeFrom = (random: Uint8Array): PublicCode =>
  Array.from(random, (byte) => alphabet.charAt(byte % 32)).join('') as PublicCode

/** Reads a code as people type it, in any case; anything else is `undefined`. */
export function readCode(text: string, length: number): PublicCode | undefined {
  const code = text.toUpperCase()
  const isCode = code.length === length && Array.from(code).every((character) => alphabet.includes(character))
  return isCode ? (code as PublicCode) : undefined
}

/** A deep link's payload. `nowhere` is malformed or of an unknown kind. */
export type DeepLink =
  { readonly kind: 'home' | 'nowhere' } | { readonly kind: 'product' | 'shop' | 'order'; readonly code: PublicCode }

const kinds = {
  p: { kind: 'product', length: productCodeLength },
  s: { kind: 'shop', length: productCodeLength },
  o: { kind: 'order', length: orderCodeLength },
} as const

const hasKind = (letter: string): letter is keyof typeof kinds => Object.hasOwn(kinds, letter)

/** Reads what follows `/start`: `p_<code>`, `s_<code>`, `o_<code>`, or nothing. */
export function readDeepLink(payload: string): DeepLink {
  if (payload === '') return { kind: 'home' }
  const [, letter = '', text = ''] = /^([a-z])_([0-9A-Za-z]+)$/.exec(payload) ?? []
  if (!hasKind(letter)) return { kind: 'nowhere' }
  const code = readCode(text, kinds[letter].length)
  return code === undefined ? { kind: 'nowhere' } : { kind: kinds[letter].kind, code }
}
