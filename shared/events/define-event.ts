import { z } from 'zod'

/** An event's contract: its subject, and one codec for what is written and what is read. */
export type Event<Schema extends z.ZodType = z.ZodType> = { readonly subject: string; readonly schema: Schema }

export type PayloadOf<E extends Event> = z.output<E['schema']>

export const defineEvent = <Schema extends z.ZodType>(subject: string, schema: Schema): Event<Schema> => ({
  subject,
  schema,
})

/** JSON as it travels; throws when the payload is not what the event promises. */
export const encodePayload = <E extends Event>(event: E, payload: PayloadOf<E>): unknown =>
  z.encode(event.schema, payload)

/** The payload as the program knows it, or what is wrong with it. */
export function decodePayload<E extends Event>(event: E, json: unknown): DecodedPayload<E> {
  const result = z.safeDecode(event.schema, json)
  return result.success
    ? { kind: 'payload', payload: result.data as PayloadOf<E> }
    : { kind: 'malformed', reason: z.prettifyError(result.error) }
}

export type DecodedPayload<E extends Event> =
  { readonly kind: 'payload'; readonly payload: PayloadOf<E> } | { readonly kind: 'malformed'; readonly reason: string }
