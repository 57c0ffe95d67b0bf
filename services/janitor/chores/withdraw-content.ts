import { openCase } from '../../../shared/db/cases.ts'
import { listRightsToWithdraw, type WithdrawnRight, withdrawRights } from '../../../shared/db/chores/end-suspensions.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { requeueDeadDelivery } from '../../../shared/db/requeue-deliveries.ts'
import { listReturnedRights, type ReturnedRight, takeReturnedRights } from '../../../shared/db/returned-rights.ts'
import { deliveryRequested } from '../../../shared/events/index.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, minutes, onlyFound } from '../chore.ts'

/**
 * What an administrator withdrew from those who bought it: their rights end, they are told, and are owed their money. What
 * was withdrawn and is restored is theirs again by then, and they are told.
 */
export const withdrawContent: Chore = {
  name: 'withdraw-content',
  when: { everyMs: minutes(1) },
  does: 'ends the rights to products that were withdrawn from their buyers, and tells those whose rights returned',
  run: async (deps, found) => {
    const ended = await inBatches(deps, 100, (size) => withdrawBatch(deps, size, found))
    const returned = await inBatches(deps, 100, (size) => tellReturned(deps, size, found))
    const changed = ended.changed + returned.changed
    return { checked: changed, changed, failed: 0 }
  },
  preview: async ({ db }, found) => {
    const rights = await listRightsToWithdraw(db, 10_000)
    for (const { orderCode } of rights) found(`order ${orderCode}`)
    const returned = await listReturnedRights(db, 10_000)
    for (const { orderCode } of returned) found(`right of order ${orderCode} returned`)
    return onlyFound(rights.length + returned.length)
  },
}

const withdrawBatch = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const rights = await withdrawRights(tx, size)
    for (const right of rights) {
      found(`order ${right.orderCode}`)
      await withdraw(tx, right)
    }
    return rights.length
  })

async function withdraw(tx: Queryable, right: WithdrawnRight): Promise<void> {
  const { orderId, orderCode, buyerId, productId, isPaid, withdrawnAt } = right
  const subject = `withdrawn:${orderId}:${withdrawnAt.getTime()}`
  await notify(tx, buyerId, subject, { kind: 'content withdrawn', productId, isPaid })
  const kind = 'content withdrawn'
  if (!isPaid || !(await openCase(tx, orderId, kind, 'withdrawn from its buyers'))) return
  await alertAdmins(tx, `case:${orderId}:${kind}`, { about: 'case', case: kind }, { ref: orderCode })
}

const tellReturned = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const rights = await takeReturnedRights(tx, size)
    for (const right of rights) {
      found(`right of order ${right.orderCode} returned`)
      await giveBack(tx, right)
    }
    return rights.length
  })

/** A file that never arrived, because there was no right to it any more, is brought now. */
async function giveBack(tx: Queryable, right: ReturnedRight): Promise<void> {
  const { orderId, buyerId, productId, returnedAt, deadDelivery } = right
  const subject = `returned:${orderId}:${returnedAt.getTime()}`
  await notify(tx, buyerId, subject, { kind: 'content returned', productId })
  if (deadDelivery === null || (await requeueDeadDelivery(tx, deadDelivery, 'document')) === undefined) return
  await enqueue(tx, deliveryRequested, deadDelivery, { deliveryId: deadDelivery })
}
