import { insertAudit } from '../../../shared/db/audit-log.ts'
import { decideCase, decideCasesOf, findCase } from '../../../shared/db/case-decisions.ts'
import { insertEntry } from '../../../shared/db/ledger.ts'
import { type JudgedOrder, lockJudgedOrder, lockOrderOfRefund } from '../../../shared/db/judged-orders.ts'
import { markOrder } from '../../../shared/db/order-progress.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { refundOrder } from '../../../shared/db/refund-order.ts'
import {
  findRefund,
  insertRefund,
  isTransactionUsed,
  markRefundRejected,
  markRefundSent,
  type NewRefund,
  type Refund,
  type Sending,
} from '../../../shared/db/refunds.ts'
import { returnRights } from '../../../shared/db/returned-rights.ts'
import { saleCases } from '../../../shared/domain/case.ts'
import { type RefundId } from '../../../shared/domain/ids.ts'
import { excessEntry, excessOverEntry } from '../../../shared/domain/ledger.ts'
import { canBecome, isPaid, type OrderStatus, statusesBefore } from '../../../shared/domain/order.ts'
import { orderChanged } from '../../../shared/events/index.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { mailBuyer } from '../../../shared/messaging/queue-mail.ts'
import { tellRefunded } from '../../../shared/messaging/tell-refunded.ts'
import { type Administrator, mustBeAdministrator } from './administrator.ts'
import { type DecideDeps, endReview } from './decide-case.ts'

/** `changed`: the order or the address is not what the administrator saw. */
export type RefundOutcome =
  'opened' | 'sent' | 'rejected' | 'settled already' | 'refund open' | 'changed' | 'in a batch' | 'hash used'

/** Which refund an order of this state can have. Money that came beside it may still go back after it was given back. */
const isFitting = ({ kind }: Pick<Refund, 'kind'>, { status }: Pick<JudgedOrder, 'status'>): boolean =>
  kind === 'money'
    ? !isPaid(status) && canBecome(status, 'refunded')
    : isPaid(status) || (kind === 'excess' && status === 'refunded')

/**
 * Decides that money goes back, and asks the buyer where to. What paid for no sale is booked as theirs from now on. An
 * unpaid order takes no further payment meanwhile.
 */
export async function openRefund(
  deps: DecideDeps,
  tx: Queryable,
  by: Administrator,
  wish: Omit<NewRefund, 'by'> & { readonly seen: OrderStatus },
): Promise<RefundOutcome> {
  mustBeAdministrator(deps, by)
  const order = await lockJudgedOrder(tx, wish.orderId)
  if (order?.status !== wish.seen || !isFitting(wish, order)) return 'changed'
  if (wish.caseId !== null && (await findCase(tx, wish.caseId))?.state !== 'open') return 'settled already'
  const id = await insertRefund(tx, { ...wish, by })
  if (id === undefined) return 'refund open'
  const { kind, cents, caseId } = wish
  if (kind !== 'order') await insertEntry(tx, excessEntry(id, cents), order.id, { refundId: id })
  if (kind === 'excess' && caseId !== null) await decideCase(tx, caseId, { decision: 'refund', by })
  if (kind === 'order') await decideCasesOf(tx, order.id, { decision: 'refund', by }, saleCases)
  if (kind === 'money') await decideCasesOf(tx, order.id, { decision: 'refund', by })
  if (kind === 'money' && (await markOrder(tx, order.id, 'review', statusesBefore('review'), 'refund opened'))) {
    await enqueue(tx, orderChanged, order.id, { orderId: order.id })
  }
  await askBuyer(tx, { id, orderCode: order.code, buyerId: order.buyerId, cents }, 1)
  const after = { refund: id, kind, cents: cents.toString() }
  await insertAudit(tx, { actor: by, action: 'refund.open', target: order.id, before: { status: order.status }, after })
  return 'opened'
}

/** Has the buyer asked where the money is to go; each time is a message of its own. */
export const askBuyer = (
  tx: Queryable,
  { id, orderCode, buyerId, cents }: Pick<Refund, 'id' | 'orderCode' | 'buyerId' | 'cents'>,
  times: number,
): Promise<void> =>
  notify(tx, buyerId, `${id}:${times}`, {
    kind: 'refund address wanted',
    refundId: id,
    orderCode,
    cents: cents.toString(),
  })

/** The money was sent: whatever the order gave ends with it, and the books say that it left. All of it or nothing, once. */
export async function sendRefund(
  deps: DecideDeps,
  tx: Queryable,
  by: Administrator,
  id: RefundId,
  sent: Sending,
): Promise<RefundOutcome> {
  mustBeAdministrator(deps, by)
  const order = await lockOrderOfRefund(tx, id)
  const refund = await findRefund(tx, id)
  if (order === undefined || refund?.state !== 'asked') return 'settled already'
  if (!isFitting(refund, order)) return 'changed'
  if (refund.kind === 'order' && order.batchCode !== null) return 'in a batch'
  if (await isTransactionUsed(tx, sent.txHash)) return 'hash used'
  if (!(await markRefundSent(tx, id, sent, by))) return 'changed'
  await bookSent(tx, order, refund)
  await tellSent(tx, refund, sent)
  await insertAudit(tx, {
    actor: by,
    action: 'refund.sent',
    target: order.id,
    before: { status: order.status },
    after: { refund: id, ...sent },
  })
  return 'sent'
}

async function bookSent(tx: Queryable, order: JudgedOrder, { id, kind, cents }: Refund): Promise<void> {
  if (kind !== 'order') await insertEntry(tx, excessOverEntry('excess sent', id, cents), order.id, { refundId: id })
  if (kind === 'excess') return
  const refunded = await refundOrder(tx, order.id, { refundId: id })
  if (refunded === undefined) throw new Error(`Expected order ${order.id} to be given back, got ${order.status}`)
  await tellRefunded(tx, order.id, refunded)
}

/** In the chat the message of an order that is given back says it; whoever wants receipts has it in writing too. */
function tellSent(tx: Queryable, refund: Refund, { amount, asset, txHash: hash }: Sending): Promise<void> {
  const { id, kind, buyerId, orderCode } = refund
  const facts = { orderCode, amount, asset, hash }
  return kind === 'excess'
    ? notify(tx, buyerId, id, { kind: 'refund sent', ...facts })
    : mailBuyer(tx, buyerId, id, { template: 'refund sent', ...facts })
}

/** Nothing is sent after all, for a reason that the buyer reads. */
export async function rejectRefund(
  deps: DecideDeps,
  tx: Queryable,
  by: Administrator,
  id: RefundId,
  reason: string,
): Promise<RefundOutcome> {
  mustBeAdministrator(deps, by)
  const order = await lockOrderOfRefund(tx, id)
  const refund = await findRefund(tx, id)
  if (order === undefined || refund === undefined) return 'settled already'
  if (!(await markRefundRejected(tx, id, reason, by))) return 'settled already'
  const { kind, cents, orderCode } = refund
  if (kind !== 'order') await insertEntry(tx, excessOverEntry('excess kept', id, cents), order.id, { refundId: id })
  await endReview(tx, order)
  // what a withdrawal took was not returned while the money was about to be
  if (kind === 'order') await returnRights(tx, { order: order.id }, by)
  await notify(tx, refund.buyerId, id, { kind: 'refund refused', orderCode, reason })
  await insertAudit(tx, { actor: by, action: 'refund.reject', target: order.id, after: { refund: id }, reason })
  return 'rejected'
}
