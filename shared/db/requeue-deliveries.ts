import { mostDocumentTries, type DeliveryMethod } from '../domain/delivery.ts'
import { type DeliveryId, type OrderId } from '../domain/ids.ts'
import { type HeldDelivery } from './deliveries.ts'
import { type Queryable } from './pool.ts'

/** Deliveries that are to be brought once more. Whoever calls asks for each of them in the same transaction. */

/**
 * A file that a late redraw may have covered is shown again: the same edit, made twice, changes nothing. Whoever is
 * bringing it right now loses the fencing token, so that nobody takes the covered file for delivered.
 */
export async function requeueInitialDelivery(tx: Queryable, order: OrderId): Promise<DeliveryId | undefined> {
  const { rows } = await tx.query<{ id: DeliveryId }>(
    `update deliveries
        set state = case state when 'sent' then 'queued' else 'retry_wait' end,
            attempt = attempt + 1,
            lease_until = '-infinity',
            next_try_at = clock_timestamp()
      where order_id = $1
        and kind = 'initial'
        and state in ('sent', 'sending')
  returning id`,
    [order],
  )
  return rows[0]?.id
}

/** The same for the one delivery a worker was bringing; false when nobody overtook it, so that nothing lies over the file. */
export async function requeueOvertakenDelivery(
  tx: Queryable,
  { id, attempt }: Pick<HeldDelivery, 'id' | 'attempt'>,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update deliveries
        set state = case state when 'sent' then 'queued' else 'retry_wait' end,
            attempt = attempt + 1,
            lease_until = '-infinity',
            next_try_at = clock_timestamp()
      where id = $1
        and attempt > $2
        and state in ('sent', 'sending')`,
    [id, attempt],
  )
  return rowCount === 1
}

/** Somebody came back after having blocked the bot: what waited for them may go on. */
export async function resumeDeliveries(tx: Queryable, chatId: bigint): Promise<DeliveryId[]> {
  const { rows } = await tx.query<{ id: DeliveryId }>(
    `update deliveries
        set state = 'queued', next_try_at = clock_timestamp(), document_tries = 0, link_tries = 0,
            first_failed_at = null, rings = 0, blocked_told_at = null
      where chat_id = $1
        and state = 'blocked'
  returning id`,
    [chatId],
  )
  return rows.map(({ id }) => id)
}

/**
 * An administrator has a dead delivery brought after all, from its first try on or at once as a link. One that waits for
 * its next try does not wait any longer. Undefined when there is nothing to bring any more.
 */
export async function requeueDeadDelivery(
  tx: Queryable,
  id: DeliveryId,
  method: DeliveryMethod,
): Promise<OrderId | undefined> {
  const { rows } = await tx.query<{ orderId: OrderId }>(
    `update deliveries
        set state = 'queued', next_try_at = clock_timestamp(), document_tries = $2, link_tries = 0,
            first_failed_at = null, rings = 0
      where id = $1
        and state in ('dead', 'retry_wait', 'queued')
  returning order_id as "orderId"`,
    [id, method === 'link' ? mostDocumentTries : 0],
  )
  return rows[0]?.orderId
}
