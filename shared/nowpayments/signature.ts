import { createHmac, timingSafeEqual } from 'node:crypto'
import { jsDocText, jsText, keepsEveryNumber, lexemeText } from './canonical-json.ts'
import { type JsonObject, NotStrictJson, parseStrictObject } from './strict-json.ts'

export const largestNotificationBytes = 65_536

/** Which text the sender had signed. Anything but `raw` is news worth a log line. */
export type SignatureForm = 'raw' | 'lexeme' | 'js' | 'js_doc'

export type RefusalReason =
  | 'no secret configured'
  | 'too large'
  | 'signature missing or malformed'
  | 'not one JSON object'
  | 'signature does not match'

export type Verification =
  | { readonly kind: 'verified'; readonly form: SignatureForm; readonly text: string; readonly tree: JsonObject }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }

/** The HTTP answer for each refusal; 503 alone asks the sender to come back. */
export const statusOfRefusal: Record<RefusalReason, 400 | 401 | 413 | 503> = {
  'no secret configured': 503,
  'too large': 413,
  'signature missing or malformed': 401,
  'not one JSON object': 400,
  'signature does not match': 401,
}

/**
 * Decides whether a notification is genuine: raw bytes, the `x-nowpayments-sig` header, and the one or two IPN secrets
 * now in use (two while one replaces the other). The order is fixed and no refusal before the last looks at a secret,
 * so what an unsigned caller can learn is how we parse JSON, and nothing else.
 */
export function verifyNotification(
  body: Uint8Array,
  header: string | readonly string[] | undefined,
  secrets: readonly string[],
): Verification {
  const keys = secrets.map((secret) => secret.trim()).filter((secret) => secret !== '')
  if (keys.length === 0) return { kind: 'refused', reason: 'no secret configured' }
  if (body.byteLength > largestNotificationBytes) return { kind: 'refused', reason: 'too large' }
  const signature = readSignature(header)
  if (signature === undefined) return { kind: 'refused', reason: 'signature missing or malformed' }
  const parsed = parseBody(body)
  if (parsed === undefined) return { kind: 'refused', reason: 'not one JSON object' }

  const isSigned = (text: Uint8Array | string) => keys.some((key) => timingSafeEqual(digest(key, text), signature))
  const form = findForm(body, parsed.tree, isSigned)
  return form === undefined
    ? { kind: 'refused', reason: 'signature does not match' }
    : { kind: 'verified', form, ...parsed }
}

/** Signs a payload as NOWPayments does: the text that is posted, keys sorted at every depth, is the text that is signed. */
export function sign(secret: string, payload: object): { readonly body: string; readonly signature: string } {
  const body = jsText(parseStrictObject(JSON.stringify(payload)))
  return { body, signature: signText(secret, body) }
}

/** The signature of a text as it stands. */
export const signText = (secret: string, text: string | Uint8Array): string =>
  digest(secret.trim(), text).toString('hex')

const digest = (key: string, text: string | Uint8Array): Buffer => createHmac('sha512', key).update(text).digest()

function readSignature(header: string | readonly string[] | undefined): Buffer | undefined {
  const value = (typeof header === 'string' ? header : (header ?? []).join(',')).trim()
  return /^[0-9a-fA-F]{128}$/.test(value) ? Buffer.from(value, 'hex') : undefined
}

function parseBody(body: Uint8Array): { text: string; tree: JsonObject } | undefined {
  const text = decode(body)
  if (text === undefined) return undefined
  try {
    return { text, tree: parseStrictObject(text) }
  } catch (error) {
    if (error instanceof NotStrictJson) return undefined
    throw error
  }
}

// With `ignoreBOM` a byte-order mark stays in the text, where the parser refuses it.
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(body: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(body)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function findForm(
  body: Uint8Array,
  tree: JsonObject,
  isSigned: (text: Uint8Array | string) => boolean,
): SignatureForm | undefined {
  if (isSigned(body)) return 'raw'
  if (isSigned(lexemeText(tree))) return 'lexeme'
  if (!keepsEveryNumber(tree)) return undefined
  if (isSigned(jsText(tree))) return 'js'
  return isSigned(jsDocText(tree)) ? 'js_doc' : undefined
}
