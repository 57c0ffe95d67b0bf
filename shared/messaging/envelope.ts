import { type JsMsg } from '@nats-io/jetstream'
import { headers, type MsgHdrs } from '@nats-io/transport-node'

/** An event on its way: what the outbox holds, and what a consumer receives. */
export type Envelope = {
  /** The event's own uuid, which is the message id. */
  readonly id: string
  readonly subject: string
  /** What it is about: one thing has at most one waiting event. */
  readonly key: string
  readonly enqueuedAt: Date
  readonly json: unknown
}

const schemaVersion = '1'
const idHeader = 'Nats-Msg-Id'
const keyHeader = 'Comptoir-Key'
const timeHeader = 'Comptoir-Time'
const schemaHeader = 'Comptoir-Schema'

export function headersOf({ id, key, enqueuedAt }: Envelope): MsgHdrs {
  const fields = headers()
  fields.set(idHeader, id)
  fields.set(keyHeader, encodeURIComponent(key))
  fields.set(timeHeader, enqueuedAt.toISOString())
  fields.set(schemaHeader, schemaVersion)
  return fields
}

export type ReadEnvelope =
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  | { readonly kind: 'malformed'; readonly reason: string; readonly id: string; readonly text: string }

/** Reads what arrived. Anybody may publish to a broker, so nothing about it is taken for granted. */
export function readEnvelope(message: JsMsg): ReadEnvelope {
  const id = message.headers?.get(idHeader) ?? ''
  const version = message.headers?.get(schemaHeader) ?? ''
  const text = new TextDecoder().decode(message.data)
  const malformed = (reason: string): ReadEnvelope => ({
    kind: 'malformed',
    reason,
    id: id === '' ? `${message.subject}:${message.seq}` : id,
    text: text.slice(0, 4_000).replaceAll('\u0000', ''), // PostgreSQL keeps no NUL
  })
  if (id === '') return malformed('Expected a message id, got none')
  if (version !== schemaVersion) return malformed(`Expected schema version ${schemaVersion}, got "${version}"`)
  try {
    const key = decodeURIComponent(message.headers?.get(keyHeader) ?? '')
    const enqueuedAt = new Date(message.headers?.get(timeHeader) ?? '')
    return { kind: 'envelope', envelope: { id, subject: message.subject, key, enqueuedAt, json: JSON.parse(text) } }
  } catch (error) {
    return malformed(`Expected JSON and a readable key: ${error instanceof Error ? error.message : String(error)}`)
  }
}
