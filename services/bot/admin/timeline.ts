import { insertAudit } from '../../../shared/db/audit-log.ts'
import { type AdminOrder, findAdminOrder, listTimeline } from '../../../shared/db/order-timeline.ts'
import { type BotContext } from '../context.ts'
import { type Features } from '../features.ts'
import { type Administrator, forAdministrators, mustBeAdministrator } from './administrator.ts'
import { timelineCard, timelineText } from './timeline-card.ts'

/** Any order with everything that happened to it, on the screen and as a document. */
export function serveTimeline(features: Features): void {
  features.press(
    'timeline',
    forAdministrators((ctx, { order, page }) => showTimeline(ctx, order, page)),
  )
  features.press(
    'timelineFile',
    forAdministrators((ctx, { order }, by) => exportTimeline(ctx, order, by)),
  )
}

/** Shows the order of this code, or the one this payment at the provider was made for. */
export async function showTimeline(ctx: BotContext, codeOrId: string, page: number): Promise<void> {
  const order = await findOrSay(ctx, codeOrId)
  if (order === undefined) return
  await ctx.show(timelineCard(order, await listTimeline(ctx.deps.db, order.id), page, ctx.texts))
}

async function findOrSay(ctx: BotContext, codeOrId: string): Promise<AdminOrder | undefined> {
  const order = await findAdminOrder(ctx.deps.db, codeOrId)
  if (order === undefined) await ctx.say(ctx.texts.admin.notFound)
  return order
}

async function exportTimeline(ctx: BotContext, code: string, by: Administrator): Promise<void> {
  const { db, telegram } = ctx.deps
  mustBeAdministrator(ctx.deps, by)
  const order = await findOrSay(ctx, code)
  if (order === undefined) return
  const text = timelineText(order, await listTimeline(db, order.id), ctx.texts)
  await insertAudit(db, { actor: by, action: 'order.export', target: order.id })
  const source = { bytes: Buffer.from(text) }
  await telegram.upload({
    method: 'sendDocument',
    params: { chat_id: ctx.chatId, document: 'attach://timeline' },
    files: { timeline: { name: `order-${order.code}.txt`, contentType: 'text/plain', source } },
  })
  await ctx.toast(ctx.texts.admin.exported)
}
