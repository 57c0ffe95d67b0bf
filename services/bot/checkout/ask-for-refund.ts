import { type PersonId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { openCase } from '../../../shared/db/cases.ts'
import { lockOwnOrder } from '../../../shared/db/orders.ts'
import { type Database, inTransaction } from '../../../shared/db/pool.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'

/** A buyer who paid too little wants it back: an administrator decides. Asked twice, it is asked once. */
export async function askForRefund(db: Database, buyer: PersonId, code: PublicCode): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const order = await lockOwnOrder(tx, buyer, code)
    if (order?.status !== 'underpaid') return false
    if (await openCase(tx, order.id, 'refund asked', 'asked by the buyer'))
      await alertAdmins(tx, `refund:${order.id}`, { about: 'refund asked' }, { ref: code })
    return true
  })
}
