import { type PersonId } from '../../../shared/domain/ids.ts'
import { type Cents } from '../../../shared/domain/money.ts'
import { canCancel } from '../../../shared/domain/order.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { openCase } from '../../../shared/db/cases.ts'
import { setOrderQuestion } from '../../../shared/db/order-steps.ts'
import { findOwnOrder, lockOwnOrder, type Order, type OrderQuestion } from '../../../shared/db/orders.ts'
import { listAttempts } from '../../../shared/db/payment-attempts.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { orderChanged } from '../../../shared/events/index.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { type CoinDeps, findCoins } from './offered-coins.ts'
import { missingOf } from './order-payments.ts'

/** The order message asks which coin instead, or which coin for the rest. Minimums are looked up before it does. */
export async function askForCoin(
  deps: CoinDeps,
  buyer: PersonId,
  code: PublicCode,
): Promise<'asked' | 'too late' | 'not found'> {
  const order = await findOwnOrder(deps.db, buyer, code)
  if (order === undefined) return 'not found'
  const sum = await sumToPay(deps.db, order)
  const choice = sum === undefined ? undefined : await findCoins(deps, sum)
  return inTransaction(deps.db, async (tx) => {
    const now = await lockOwnOrder(tx, buyer, code)
    if (now === undefined) return 'not found'
    const question = questionOf(now)
    await setOrderQuestion(tx, now.id, question)
    await enqueue(tx, orderChanged, now.id, { orderId: now.id })
    if (choice?.offered.length === 0) await alertNoCoin(tx, now)
    return question === null ? 'too late' : 'asked'
  })
}

const questionOf = ({ status, seenAt }: Order): OrderQuestion | null =>
  status === 'underpaid' ? 'topup' : canCancel(status, seenAt) ? 'coin' : null

async function sumToPay(db: Queryable, order: Order): Promise<Cents | undefined> {
  const question = questionOf(order)
  if (question === null) return undefined
  return question === 'coin' ? order.total : missingOf(order, await listAttempts(db, order.id))
}

/** Nobody can pay this sum: an administrator accepts the order as it is, or gives the money back. */
async function alertNoCoin(tx: Queryable, { id, code, status }: Order): Promise<void> {
  if (status === 'underpaid') await openCase(tx, id, 'rest too small', 'no coin can carry the rest')
  await alertAdmins(tx, `coins.none:${code}`, { about: 'no coin for an order', status }, { ref: code })
}
