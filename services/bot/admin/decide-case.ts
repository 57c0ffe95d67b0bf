import { insertAudit } from '../../../shared/db/audit-log.ts'
import { type Case, decideCase, decideCasesOf, findCase, isWaitedFor } from '../../../shared/db/case-decisions.ts'
import { listOrderPayments, type OrderPayment } from '../../../shared/db/incoming-payments.ts'
import { type JudgedOrder, lockOrderOfCase } from '../../../shared/db/judged-orders.ts'
import { markOrder } from '../../../shared/db/order-progress.ts'
import { setCovered } from '../../../shared/db/payments.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { answerOfClosing, type CaseAnswer } from '../../../shared/domain/case.ts'
import { parseDecimal, compareDecimals } from '../../../shared/domain/decimal.ts'
import { type CaseId } from '../../../shared/domain/ids.ts'
import { receivedOf, settledOf } from '../../../shared/domain/incoming.ts'
import { canBecome, isPaid, type OrderStatus } from '../../../shared/domain/order.ts'
import { orderChanged } from '../../../shared/events/index.ts'
import { makePaid } from '../../../shared/messaging/make-paid.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { type BotDeps } from '../context.ts'
import { type Administrator, mustBeAdministrator } from './administrator.ts'

export type DecideDeps = Pick<BotDeps, 'db' | 'config' | 'log'>

/** `changed`: the order is not what the administrator saw. The others say why an order cannot be accepted. */
export type Decided =
  'accepted' | 'closed' | 'decided already' | 'changed' | 'owned' | 'withdrawn' | 'refund open' | 'nothing came'

/** An order as the administrator saw it when they decided; `received` is how much of it was counted as having come. */
export type SeenOrder = { readonly status: OrderStatus; readonly received?: bigint }

/** The platform bears what is missing: the order is paid as if all of it had come. Once, whoever else decides. */
export async function acceptCase(deps: DecideDeps, by: Administrator, id: CaseId, seen: SeenOrder): Promise<Decided> {
  mustBeAdministrator(deps, by)
  const decided = await inTransaction(deps.db, (tx) => acceptIn(deps, tx, by, id, seen))
  deps.log.info({ userId: by, caseId: id, outcome: decided }, 'case accepted')
  return decided
}

async function acceptIn(
  { config }: DecideDeps,
  tx: Queryable,
  by: Administrator,
  id: CaseId,
  seen: SeenOrder,
): Promise<Decided> {
  const found = await lockCase(tx, id)
  if (found === undefined) return 'decided already'
  const { order } = found
  const payments = await listOrderPayments(tx, order.id)
  const received = receivedOf(payments, order.total)
  const refusal = whyNotAccepted(order, payments, seen.status)
  if (refusal !== undefined) return refusal
  if (received < (seen.received ?? 0n)) return 'changed' // the platform would bear more than was said
  for (const one of payments) if (settledOf(one) > 0n) await setCovered(tx, one.id, settledOf(one))
  const payment = { orderId: order.id, paymentId: mostPaid(payments).id }
  const { escrowHours } = config.money
  if ((await makePaid(tx, payment, { late: false, overpaid: false, escrowHours, received })) === undefined)
    return 'changed'
  await decideCasesOf(tx, order.id, { decision: 'accept', by })
  await notify(tx, order.buyerId, order.id, { kind: 'case accepted', orderCode: order.code })
  await audit(tx, by, found, { action: 'case.accept', after: { received: received.toString() } })
  return 'accepted'
}

/** Undefined when an administrator may accept the order as it is. */
export function whyNotAccepted(
  order: JudgedOrder,
  payments: readonly OrderPayment[],
  seen: OrderStatus,
): Decided | undefined {
  if (order.status !== seen || !canBecome(order.status, 'paid')) return 'changed'
  if (order.isOwned) return 'owned'
  if (order.isWithdrawn) return 'withdrawn'
  if (order.openRefund !== null) return 'refund open'
  return payments.length === 0 ? 'nothing came' : undefined
}

/** The payment an acceptance is named after: the one that brought the most of what was asked. */
const mostPaid = (payments: readonly OrderPayment[]): OrderPayment =>
  payments.reduce((most, one) => (isMore(one, most) ? one : most))

const isMore = (left: OrderPayment, right: OrderPayment): boolean =>
  left.coveredCents === right.coveredCents
    ? compareDecimals(parseDecimal(left.actuallyPaid), parseDecimal(right.actuallyPaid)) > 0
    : left.coveredCents > right.coveredCents

/** `answer`: what the administrator was told that the buyer would hear of it. */
export type Closing = { readonly reason: string; readonly answer: CaseAnswer }

/**
 * Nothing is given and nothing is returned, for a reason that the buyer reads if they wait for an answer. An order that waited
 * for nothing else is over: whatever still comes for it is judged anew.
 */
export async function closeCase(
  deps: DecideDeps,
  tx: Queryable,
  by: Administrator,
  id: CaseId,
  { reason, answer }: Closing,
): Promise<Decided> {
  mustBeAdministrator(deps, by)
  const found = await lockCase(tx, id)
  if (found === undefined) return 'decided already'
  if ((await findAnswer(tx, found)) !== answer) return 'changed'
  if (!(await decideCase(tx, id, { decision: 'close', by, reason }))) return 'decided already'
  const { order } = found
  await endReview(tx, order)
  if (answer !== null)
    await notify(tx, order.buyerId, id, { kind: 'case closed', orderCode: order.code, reason, answer })
  await audit(tx, by, found, { action: 'case.close', after: { answer }, reason })
  return 'closed'
}

/** What the buyer would hear if this case were closed now. */
export const findAnswer = async (db: Queryable, { order, case: { id, kind } }: Found): Promise<CaseAnswer> =>
  answerOfClosing(kind, order.status, !(await isWaitedFor(db, order.id, id)))

/** An order in review that nobody has to decide about any more is over. */
export async function endReview(tx: Queryable, { id, status }: Pick<JudgedOrder, 'id' | 'status'>): Promise<void> {
  if (isPaid(status) || (await isWaitedFor(tx, id))) return
  if (await markOrder(tx, id, 'failed', ['review'], 'closed by hand'))
    await enqueue(tx, orderChanged, id, { orderId: id })
}

type Found = { readonly order: JudgedOrder; readonly case: Case }

/** An open case with its order, held: the second of two administrators finds it settled. */
export async function lockCase(tx: Queryable, id: CaseId): Promise<Found | undefined> {
  const order = await lockOrderOfCase(tx, id)
  const found = await findCase(tx, id)
  return order === undefined || found?.state !== 'open' ? undefined : { order, case: found }
}

async function audit(
  tx: Queryable,
  by: Administrator,
  { order, case: { kind, note } }: Found,
  { action, after, reason }: { readonly action: string; readonly after?: object; readonly reason?: string },
): Promise<void> {
  await insertAudit(tx, {
    actor: by,
    action,
    target: order.id,
    before: { case: kind, note, status: order.status },
    ...(after === undefined ? {} : { after }),
    ...(reason === undefined ? {} : { reason }),
  })
}
