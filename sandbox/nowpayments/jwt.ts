import { createHmac, timingSafeEqual } from 'node:crypto'

const lifetimeSeconds = 300

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const signatureOf = (text: string, secret: Buffer): Buffer => createHmac('sha256', secret).update(text).digest()

/** A token as the provider's login gives: HS256, five minutes. */
export function issueToken(id: string, secret: Buffer, nowMs: number): string {
  const iat = Math.floor(nowMs / 1000)
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ id, iat, exp: iat + lifetimeSeconds })}`
  return `${text}.${signatureOf(text, secret).toString('base64url')}`
}

export function isValidToken(token: string, secret: Buffer, nowMs: number): boolean {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const expected = signatureOf(`${header}.${payload}`, secret)
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false
  const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number }
  return exp * 1000 > nowMs
}
