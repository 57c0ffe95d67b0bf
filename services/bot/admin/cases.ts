import { findCase, listOpenCases } from '../../../shared/db/case-decisions.ts'
import { countForAdmins } from '../../../shared/db/admin-counts.ts'
import { listOrderPayments } from '../../../shared/db/incoming-payments.ts'
import { findJudgedOrder } from '../../../shared/db/judged-orders.ts'
import { type CaseId } from '../../../shared/domain/ids.ts'
import { type BotContext } from '../context.ts'
import { type Features } from '../features.ts'
import { startForm } from '../forms/start-form.ts'
import { forAdministrators } from './administrator.ts'
import { acceptCard, caseCard, type CaseFile, casesCard, pageOf, perPage } from './case-cards.ts'
import { closeCaseForm } from './case-forms.ts'
import { acceptCase, findAnswer } from './decide-case.ts'
import { proposeForCase } from './propose-refund.ts'
import { beginRefund } from './refund-forms.ts'
import { sayDecided } from './say-decided.ts'

/** Money that came, but not as agreed: the list of it, and what an administrator decides about each. */
export function serveCases(features: Features): void {
  features.press(
    'cases',
    forAdministrators((ctx, { page }) => showCases(ctx, page)),
  )
  features.press(
    'case',
    forAdministrators((ctx, { case: id }) => withCase(ctx, id, (file) => ctx.show(caseCard(file, ctx.texts)))),
  )
  features.press(
    'acceptCase',
    forAdministrators((ctx, { case: id }) => withCase(ctx, id, (file) => ctx.show(acceptCard(file, ctx.texts)))),
  )
  features.press(
    'acceptCaseNow',
    forAdministrators(async (ctx, { case: id, seen: status, received }, by) => {
      const decided = await acceptCase(ctx.deps, by, id, { status, received })
      await ctx.toast(sayDecided(decided, ctx.texts))
      await (decided === 'accepted' ? showCases(ctx, 0) : ctx.go('case', { case: id }))
    }),
  )
  features.press(
    'refundCase',
    forAdministrators((ctx, { case: id }) => withCase(ctx, id, (file) => refund(ctx, file))),
  )
  features.press(
    'closeCase',
    forAdministrators((ctx, { case: id }) =>
      withCase(ctx, id, async (file) => {
        const answer = await findAnswer(ctx.deps.db, file)
        await startForm(ctx, closeCaseForm, { step: 'reason', data: { caseId: id, answer } })
      }),
    ),
  )
}

async function showCases(ctx: BotContext, wanted: number): Promise<void> {
  const { db } = ctx.deps
  const { openCases: count } = await countForAdmins(db)
  const page = pageOf(wanted, count)
  const shown = await listOpenCases(db, { limit: perPage, offset: page * perPage })
  await ctx.show(casesCard({ shown, count, page }, ctx.texts))
}

/** A case that somebody settled meanwhile leads back to those that are open. */
async function withCase(ctx: BotContext, id: CaseId, work: (file: CaseFile) => Promise<void>): Promise<void> {
  const { db } = ctx.deps
  const found = await findCase(db, id)
  const order = found?.state === 'open' ? await findJudgedOrder(db, found.orderId) : undefined
  if (found !== undefined && order !== undefined) {
    return work({ case: found, order, payments: await listOrderPayments(db, order.id) })
  }
  await ctx.toast(ctx.texts.cases.settledAlready)
  await showCases(ctx, 0)
}

async function refund(ctx: BotContext, { case: found, order, payments }: CaseFile): Promise<void> {
  const proposal = await proposeForCase(ctx.deps.db, order, payments, found.kind)
  if (proposal === undefined) return ctx.toast(ctx.texts.cases.nothingToRefund)
  await beginRefund(ctx, order, proposal, { caseId: found.id, payments })
}
