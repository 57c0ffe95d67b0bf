import { announceEnds, type EndingRight, endRights, keepRights } from '../../../shared/db/chores/end-rights.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { type Found } from '../chore.ts'

/**
 * What follows from SOLD_FILES_RETENTION_DAYS: owners of files of products deleted long ago are told on which day their
 * rights end, and on that day they do. Without it sold files are kept for ever.
 */
export async function endNextRights(
  tx: Queryable,
  retentionDays: number | undefined,
  size: number,
  found: Found,
): Promise<number> {
  if (retentionDays === undefined) {
    const kept = await keepRights(tx)
    if (kept > 0) found(`${kept} rights that were to end are kept`)
    return kept
  }
  const ended = await endRights(tx, size)
  for (const { orderCode } of ended) found(`right of order ${orderCode} ends`)
  const announced = await announceEnds(tx, retentionDays, size - ended.length)
  for (const right of announced) {
    found(`right of order ${right.orderCode} will end on ${dayOf(right)}`)
    await tell(tx, right)
  }
  return ended.length + announced.length
}

const dayOf = ({ endsAt }: EndingRight): string => endsAt.toISOString().slice(0, 10)

/** Each time it is announced anew. */
const tell = (tx: Queryable, right: EndingRight): Promise<void> =>
  notify(tx, right.buyerId, `${right.orderId}:${dayOf(right)}`, {
    kind: 'file ending',
    productId: right.productId,
    endsAt: right.endsAt.toISOString(),
  })
