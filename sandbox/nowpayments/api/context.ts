import { type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { decimalText, parseDecimal, readDecimal } from '../../../shared/domain/decimal.ts'
import { authRequired, endpointNotAllowed, invalidParams } from '../errors.ts'
import { type Faults, type Operation } from '../faults.ts'
import { isValidToken } from '../jwt.ts'
import { type Payouts } from '../payouts.ts'
import { type Provider } from '../provider.ts'

export type Account = {
  readonly email: string
  readonly password: string
  /** The code that confirms a payout batch. */
  readonly verificationCode: string
}

export type ApiContext = {
  readonly provider: Provider
  readonly payouts: Payouts
  readonly faults: Faults
  readonly now: () => number
  readonly account: Account
  readonly tokenSecret: Buffer
  /** Coins enabled in the dashboard. */
  readonly enabledCoins: readonly string[]
  /** Addresses that may use payouts and the balance; undefined for everybody. */
  readonly allowedIps: readonly string[] | undefined
  readonly payUrl: () => string
  /** Whose key the request was made with. */
  readonly creator: () => string
}

/** Reads a body or query by its schema; the first problem is the error message. */
export function readParams<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value ?? {})
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw invalidParams(`${['body', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'invalid'}`)
}

/** A positive amount, as a number or as text. */
export const amountParam = z
  .union([z.number().transform(String), z.string()])
  .refine((text) => (readDecimal(text)?.digits ?? 0n) > 0n, 'must be a positive number')
  .transform((text) => decimalText(parseDecimal(text)))

export const flagParam = z.union([
  z.boolean(),
  z.enum(['true', 'false', 'True', 'False']).transform((text) => /t/i.test(text)),
])

export const textParam = z.string().nullish()

export const urlParam = z.url({ protocol: /^https?$/ }).nullish()

export function requireToken({ tokenSecret, now }: ApiContext, { headers }: FastifyRequest): void {
  const [scheme, token] = (headers.authorization ?? '').split(' ')
  if (scheme !== 'Bearer' || token === undefined || !isValidToken(token, tokenSecret, now())) throw authRequired()
}

export function requireKnownAddress({ allowedIps }: ApiContext, { ip }: FastifyRequest): void {
  if (allowedIps !== undefined && !allowedIps.includes(ip)) throw endpointNotAllowed(ip)
}

/** Which kind of call a request is, for faults and limits. */
export function operationOf({ method, url }: FastifyRequest): Operation {
  const path = url.split('?')[0]?.replace(/\/+$/, '') ?? ''
  if (method === 'POST' && path === '/v1/payment') return 'create'
  if (method === 'GET' && /^\/v1\/payment\/[^/]+$/.test(path)) return 'read'
  return method === 'GET' && path === '/v1/estimate' ? 'estimate' : 'any'
}

export const paramOf = ({ params }: FastifyRequest, name: string): string =>
  (params as Readonly<Record<string, string | undefined>>)[name] ?? ''

/** Cuts the connection without an answer. */
export function hangUp(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  request.raw.socket.destroy()
}
