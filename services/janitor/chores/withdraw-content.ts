import { openCaseOnce } from '../../../shared/db/cases.ts'
import { listRightsToWithdraw, type WithdrawnRight, withdrawRights } from '../../../shared/db/chores/end-suspensions.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { adminAlert } from '../../../shared/events/index.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, minutes, onlyFound } from '../chore.ts'

/** What an administrator withdrew from those who bought it: their rights end, they are told, and are owed their money. */
export const withdrawContent: Chore = {
  name: 'withdraw-content',
  when: { everyMs: minutes(1) },
  does: 'ends the rights to products that were withdrawn from their buyers, and opens their refunds',
  run: (deps, found) => inBatches(deps, 100, (size) => withdrawBatch(deps, size, found)),
  preview: async ({ db }, found) => {
    const rights = await listRightsToWithdraw(db, 10_000)
    for (const { orderCode } of rights) found(`order ${orderCode}`)
    return onlyFound(rights.length)
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

async function withdraw(
  tx: Queryable,
  { orderId, orderCode, buyerId, productId, isPaid }: WithdrawnRight,
): Promise<void> {
  await notify(tx, buyerId, `withdrawn:${orderId}`, { kind: 'content withdrawn', productId, isPaid })
  if (!isPaid || !(await openCaseOnce(tx, orderId, 'content withdrawn', 'withdrawn from its buyers'))) return
  const text = `Order ${orderCode}: its product was withdrawn from buyers, and is to be refunded`
  await enqueue(tx, adminAlert, `case:${orderId}:content withdrawn`, { kind: 'case', text, ref: orderCode })
}
