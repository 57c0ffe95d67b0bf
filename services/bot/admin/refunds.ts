import { insertAudit } from '../../../shared/db/audit-log.ts'
import { listOrderPayments } from '../../../shared/db/incoming-payments.ts'
import { findJudgedOrder, findJudgedOrderByCode } from '../../../shared/db/judged-orders.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import {
  askAddressAgain,
  countOpenRefunds,
  findRefund,
  listOpenRefunds,
  type Refund,
} from '../../../shared/db/refunds.ts'
import { type RefundId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { type BotContext } from '../context.ts'
import { type Features } from '../features.ts'
import { startForm } from '../forms/start-form.ts'
import { type Administrator, forAdministrators, mustBeAdministrator } from './administrator.ts'
import { forgetAddressCard, pageOf, perPage, refundCard, refundsCard } from './case-cards.ts'
import { proposeForOrder } from './propose-refund.ts'
import { beginRefund } from './refund-forms.ts'
import { askBuyer } from './settle-refund.ts'
import { rejectRefundForm, refundSentForm } from './sent-forms.ts'

/** Money on its way back to buyers: what waits, where it goes, and what an administrator noted as sent. */
export function serveRefunds(features: Features): void {
  features.press(
    'refunds',
    forAdministrators((ctx, { page }) => showRefunds(ctx, page)),
  )
  features.press(
    'refund',
    forAdministrators((ctx, { refund }) => showRefund(ctx, refund)),
  )
  features.press(
    'refundOrder',
    forAdministrators((ctx, { order }) => refundOrder(ctx, order)),
  )
  features.press(
    'refundSent',
    forAdministrators((ctx, { refund }) =>
      withOpen(ctx, refund, ({ id, asset, address }) =>
        asset === null || address === null
          ? showRefund(ctx, id)
          : startForm(ctx, refundSentForm, { step: 'amount', data: { refundId: id, asset, address } }),
      ),
    ),
  )
  features.press(
    'rejectRefund',
    forAdministrators((ctx, { refund }) =>
      withOpen(ctx, refund, ({ id }) => startForm(ctx, rejectRefundForm, { step: 'reason', data: { refundId: id } })),
    ),
  )
  features.press(
    'askAddress',
    forAdministrators((ctx, { refund }, by) =>
      withOpen(ctx, refund, (open) =>
        open.address === null
          ? askAgain(ctx, open, by, open.askedTimes)
          : ctx.show(forgetAddressCard({ ...open, address: open.address }, ctx.texts)),
      ),
    ),
  )
  features.press(
    'askAddressNow',
    forAdministrators((ctx, { refund, times }, by) => withOpen(ctx, refund, (open) => askAgain(ctx, open, by, times))),
  )
}

async function showRefunds(ctx: BotContext, wanted: number): Promise<void> {
  const { db } = ctx.deps
  const count = await countOpenRefunds(db)
  const page = pageOf(wanted, count)
  const shown = await listOpenRefunds(db, { limit: perPage, offset: page * perPage })
  await ctx.show(refundsCard({ shown, count, page }, ctx.texts))
}

async function showRefund(ctx: BotContext, id: RefundId): Promise<void> {
  const refund = await findRefund(ctx.deps.db, id)
  if (refund === undefined) return showRefunds(ctx, 0)
  await ctx.show(refundCard(refund, await findJudgedOrder(ctx.deps.db, refund.orderId), ctx.texts))
}

/** A refund that somebody settled meanwhile is shown as it is now. */
async function withOpen(ctx: BotContext, id: RefundId, work: (refund: Refund) => Promise<void>): Promise<void> {
  const refund = await findRefund(ctx.deps.db, id)
  if (refund?.state === 'asked') return work(refund)
  await ctx.toast(ctx.texts.cases.settledAlready)
  await showRefund(ctx, id)
}

/** Any order in which money arrived can be given back, without a case. */
async function refundOrder(ctx: BotContext, code: PublicCode): Promise<void> {
  const { db } = ctx.deps
  const order = await findJudgedOrderByCode(db, code)
  if (order?.openRefund != null) return showRefund(ctx, order.openRefund)
  const payments = order === undefined ? [] : await listOrderPayments(db, order.id)
  const proposal = order === undefined ? undefined : await proposeForOrder(db, order, payments)
  if (order === undefined || proposal === undefined) return ctx.toast(ctx.texts.cases.nothingToRefund)
  await beginRefund(ctx, order, proposal, { caseId: null, payments })
}

/** Once for what the administrator saw: an address the buyer gave since is not forgotten. */
async function askAgain(ctx: BotContext, refund: Refund, by: Administrator, seen: number): Promise<void> {
  mustBeAdministrator(ctx.deps, by)
  const isAsked = await inTransaction(ctx.deps.db, async (tx) => {
    const times = await askAddressAgain(tx, refund.id, seen)
    if (times === undefined) return false
    await askBuyer(tx, refund, times)
    const before = { address: refund.address, asset: refund.asset }
    await insertAudit(tx, { actor: by, action: 'refund.ask-address', target: refund.orderId, before })
    return true
  })
  await ctx.toast(isAsked ? ctx.texts.cases.askedAgain : ctx.texts.common.outdated)
  await showRefund(ctx, refund.id)
}
