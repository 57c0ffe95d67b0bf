import { type Queryable } from './pool.ts'

/**
 * Notes that a consumer handles this message; false when it already had. Call it in the transaction of the effect, so
 * that both are written or neither.
 */
export async function insertHandled(tx: Queryable, consumer: string, messageId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into inbox (consumer, message_id) values ($1, $2) on conflict (consumer, message_id) do nothing`,
    [consumer, messageId],
  )
  return rowCount === 1
}
