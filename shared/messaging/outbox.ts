import { insertEvent } from '../db/outbox.ts'
import { type Queryable } from '../db/pool.ts'
import { encodePayload, type Event, type PayloadOf } from '../events/index.ts'

/** Announces an event in the transaction of its cause. While one for the same key waits, asking again changes nothing. */
export async function enqueue<E extends Event>(
  tx: Queryable,
  event: E,
  key: string,
  payload: PayloadOf<E>,
): Promise<void> {
  await insertEvent(tx, event.subject, key, encodePayload(event, payload))
}
