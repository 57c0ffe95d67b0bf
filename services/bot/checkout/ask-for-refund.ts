import { type PersonId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { openCase } from '../../../shared/db/cases.ts'
import { lockOwnOrder } from '../../../shared/db/orders.ts'
import { type Database, inTransaction } from '../../../shared/db/pool.ts'
import { adminAlert } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'

/** A buyer who paid too little wants it back: an administrator decides. Asked twice, it is asked once. */
export async function askForRefund(db: Database, buyer: PersonId, code: PublicCode): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const order = await lockOwnOrder(tx, buyer, code)
    if (order?.status !== 'underpaid') return false
    if (await openCase(tx, order.id, 'refund asked', 'asked by the buyer')) {
      const text = `Order ${code}: the buyer paid too little and asks for a refund`
      await enqueue(tx, adminAlert, `refund:${order.id}`, { kind: 'refund asked', text, ref: code })
    }
    return true
  })
}
