import { z } from 'zod'
import { type DeadLetter, insertDeadLetter } from '../db/dead-letters.ts'
import { insertEvent } from '../db/outbox.ts'
import { type Database, inTransaction, type Queryable } from '../db/pool.ts'
import { adminAlert, decodePayload, events } from '../events/index.ts'
import { alertAdmins } from './alert-admins.ts'

export type FailedEvent = {
  /** The durable consumer that could not handle it. */
  readonly durable: string
  readonly subject: string
  readonly key: string
  readonly messageId: string
  readonly reason: string
  readonly json: unknown
}

/** Keeps an event that cannot go on, and alerts administrators the first time. */
export async function keepDeadLetter(db: Database, failed: FailedEvent): Promise<void> {
  const { durable, subject, key, messageId, reason, json } = failed
  const payload = { subject, key, messageId, json }
  await inTransaction(db, async (tx) => {
    const isNew = await insertDeadLetter(tx, { kind: durable, ref: key === '' ? messageId : key, reason, payload })
    // an alert that cannot be told must not ask for another
    if (!isNew || subject === adminAlert.subject) return
    const alert = { about: 'dead event', consumer: durable, reason } as const
    await alertAdmins(tx, `dead-letter:${durable}:${key}`, alert, { ref: key })
  })
}

/** Writes a dead event to the outbox again; false when the letter holds no event that would be understood. */
export async function sendDeadEvent(tx: Queryable, { payload }: Pick<DeadLetter, 'payload'>): Promise<boolean> {
  const event = readEvent(payload)
  if (event === undefined) return false
  await insertEvent(tx, event.subject, event.key, event.json)
  return true
}

const deadEvent = z.object({ subject: z.string(), key: z.string(), json: z.unknown() })

function readEvent(payload: unknown): z.infer<typeof deadEvent> | undefined {
  const dead = deadEvent.safeParse(payload).data
  const event = events.find(({ subject }) => subject === dead?.subject)
  return event !== undefined && decodePayload(event, dead?.json).kind === 'payload' ? dead : undefined
}
