import { openCaseOnce } from '../../../shared/db/cases.ts'
import { listPayingPayments } from '../../../shared/db/order-notices.ts'
import { lockOwnOrder, type Order } from '../../../shared/db/orders.ts'
import { type Database, inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { type Excess, excessOf, leastReturnedCents } from '../../../shared/domain/excess.ts'
import { type PersonId } from '../../../shared/domain/ids.ts'
import { dollars } from '../../../shared/domain/money.ts'
import { isPaid, type OrderStatus } from '../../../shared/domain/order.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'

export type AskedDifference =
  { readonly kind: 'asked' } | { readonly kind: 'nothing owed'; readonly status: OrderStatus }

/** Whoever sent too much asks for the difference: an administrator sends it back. Asked again, it stays asked once. */
export async function askForDifference(
  db: Database,
  buyer: PersonId,
  code: PublicCode,
): Promise<AskedDifference | undefined> {
  return inTransaction(db, async (tx) => {
    const order = await lockOwnOrder(tx, buyer, code)
    if (order === undefined) return undefined
    const excess = isPaid(order.status) ? excessOf(order.total, await listPayingPayments(tx, order.id)) : undefined
    if (excess === undefined || excess.cents < leastReturnedCents) return { kind: 'nothing owed', status: order.status }
    await open(tx, order, excess)
    return { kind: 'asked' }
  })
}

async function open(tx: Queryable, { id, code }: Order, { amount, coin, cents }: Excess): Promise<void> {
  const sum = `${amount} ${coin} ($${dollars(cents)})`
  if (!(await openCaseOnce(tx, id, 'difference asked', `the buyer asks for ${sum}`))) return
  const alert = { about: 'difference asked', amount, coin, cents: cents.toString() } as const
  await alertAdmins(tx, `difference:${id}`, alert, { ref: code })
}
