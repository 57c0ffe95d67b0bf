import { z } from 'zod'
import { findCase } from '../../../shared/db/case-decisions.ts'
import { listOrderPayments, type OrderPayment } from '../../../shared/db/incoming-payments.ts'
import { type JudgedOrder, lockJudgedOrder } from '../../../shared/db/judged-orders.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { refundKinds } from '../../../shared/db/refunds.ts'
import { type CaseId, type OrderId } from '../../../shared/domain/ids.ts'
import { cents, type Cents } from '../../../shared/domain/money.ts'
import { orderStatuses } from '../../../shared/domain/order.ts'
import { readPrice } from '../../../shared/domain/price.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { markOf } from '../button-arguments.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { defineForm, end, go, type Next, refuse, type Turn } from '../forms/define-form.ts'
import { startForm } from '../forms/start-form.ts'
import { asAdmin } from './case-forms.ts'
import { proposeForCase, proposeForOrder, type RefundProposal } from './propose-refund.ts'
import { sayRefund } from './say-decided.ts'
import { openRefund } from './settle-refund.ts'

const digits = z.string().regex(/^\d{1,15}$/)
const opening = z.object({
  caseId: z.string().nullable(),
  orderId: z.string(),
  orderCode: z.string(),
  kind: z.enum(refundKinds),
  /** The state of the order when the administrator was asked. */
  seen: z.enum(orderStatuses),
  proposed: digits.nullable(),
  /** The mark of what had come: where nothing can be proposed, it alone tells that more came since. */
  came: z.string().optional(),
  cents: digits.optional(),
})
type Opening = z.infer<typeof opening>

/** As much as any order could be, many times over: more is a slip. */
const range = { least: 1n, most: 10_000_000n }

/** Asks how much goes back, unless it is the whole of a paid order, and for a confirmation. */
export async function beginRefund(
  ctx: BotContext,
  { id, code, status }: JudgedOrder,
  { kind, cents: proposed }: RefundProposal,
  { caseId, payments }: { readonly caseId: CaseId | null; readonly payments: readonly OrderPayment[] },
): Promise<void> {
  const given = proposed?.toString() ?? null
  const isFixed = kind === 'order' && given !== null
  await startForm(ctx, openRefundForm, {
    step: isFixed ? 'confirm' : 'amount',
    data: {
      caseId,
      orderId: id,
      orderCode: code,
      kind,
      seen: status,
      proposed: given,
      came: whatCame(payments),
      ...(isFixed ? { cents: given } : {}),
    },
  })
}

export const openRefundForm = defineForm<Opening>({
  name: 'openRefund',
  ttlHours: 24,
  data: opening,
  leave: backTo,
  isSame: (open, asked) => open.orderId === asked.orderId && open.caseId === asked.caseId && open.seen === asked.seen,
  steps: {
    amount: {
      ask: ({ texts: { cases } }, { orderCode, proposed }) => ({
        text: cases.askCents(orderCode),
        keys:
          proposed === null
            ? []
            : [[{ text: cases.proposed(cents(BigInt(proposed))), choice: 'yes', style: 'primary' }]],
      }),
      text: takeCents,
      pick: ({ data }) =>
        Promise.resolve(
          data.proposed === null ? go<Opening>('amount') : go<Opening>('confirm', { cents: data.proposed }),
        ),
    },
    confirm: {
      back: ({ kind }) => (kind === 'order' ? undefined : 'amount'),
      ask: ({ texts: { cases } }, data) => ({
        text: cases.askOpen(data.orderCode, centsOf(data), data.kind),
        keys: [[{ text: cases.confirm, choice: 'yes', style: 'danger' }]],
      }),
      pick: (turn) => open(turn),
    },
  },
})

const centsOf = (data: Opening): Cents => cents(BigInt(data.cents ?? '0'))

function backTo({ caseId, orderCode }: Opening): string {
  return caseId === null
    ? buttonData('timeline', { order: orderCode as PublicCode, page: 0 })
    : buttonData('case', { case: caseId as CaseId })
}

function takeCents({ ctx }: Turn<Opening>, text: string): Promise<Next<Opening>> {
  const read = readPrice(text, range)
  const isAmount = read.kind === 'price' && read.price > 0n
  return Promise.resolve(
    isAmount ? go<Opening>('confirm', { cents: read.price.toString() }) : refuse(ctx.texts.cases.notCents),
  )
}

const open = ({ ctx, tx, data }: Turn<Opening>): Promise<Next<never>> =>
  asAdmin(ctx, async (by) => {
    const wish = {
      orderId: data.orderId as OrderId,
      caseId: data.caseId as CaseId | null,
      kind: data.kind,
      seen: data.seen,
      cents: centsOf(data),
    }
    const outcome = (await hasChanged(tx, data, wish)) ? 'changed' : await openRefund(ctx.deps, tx, by, wish)
    return end(outcome === 'opened' ? buttonData('refunds', { page: 0 }) : backTo(data), sayRefund(outcome, ctx.texts))
  })

const whatCame = (payments: readonly OrderPayment[]): string =>
  markOf(payments.map(({ id, status, actuallyPaid }) => `${id} ${status} ${actuallyPaid}`).join())

/** Whether more came, or something else would be proposed, than when the administrator was asked. Holds the order. */
async function hasChanged(
  tx: Queryable,
  asked: Pick<Opening, 'proposed' | 'came'>,
  { orderId, caseId }: { readonly orderId: OrderId; readonly caseId: CaseId | null },
): Promise<boolean> {
  const order = await lockJudgedOrder(tx, orderId)
  if (order === undefined) return true
  const payments = await listOrderPayments(tx, orderId)
  if (whatCame(payments) !== asked.came) return true
  const found = caseId === null ? undefined : await findCase(tx, caseId)
  const proposal = await (found === undefined
    ? proposeForOrder(tx, order, payments)
    : proposeForCase(tx, order, payments, found.kind))
  return (proposal?.cents?.toString() ?? null) !== asked.proposed
}
