import { countForAdmins } from '../../../shared/db/admin-counts.ts'
import { type Appeal, findOpenAppeal, listOpenAppeals } from '../../../shared/db/appeals.ts'
import { type AppealId } from '../../../shared/domain/ids.ts'
import { escape } from '../../../shared/telegram/html.ts'
import { longestMessage, partsOf } from '../../../shared/telegram/text-length.ts'
import { type BotContext } from '../context.ts'
import { type Features } from '../features.ts'
import { startForm } from '../forms/start-form.ts'
import { forAdministrators } from './administrator.ts'
import { appealCard, appealsCard } from './appeal-cards.ts'
import { refuseAppealForm } from './appeal-forms.ts'
import { pageOf, perPage } from './case-cards.ts'

/** What people say against measures of moderation: the list of it, each with its words, and the two answers to it. */
export function serveAppeals(features: Features): void {
  features.press(
    'appeals',
    forAdministrators((ctx, { page }) => showAppeals(ctx, page)),
  )
  features.press(
    'openAppeal',
    forAdministrators((ctx, { appeal: id }) => withOpen(ctx, id, (appeal) => ctx.show(appealCard(appeal, ctx.texts)))),
  )
  features.press(
    'readAppeal',
    forAdministrators((ctx, { appeal: id }) => withOpen(ctx, id, (appeal) => readAll(ctx, appeal))),
  )
  features.press(
    'refuseAppeal',
    forAdministrators((ctx, { appeal: id, length }) => withOpen(ctx, id, (appeal) => refuse(ctx, appeal, length))),
  )
}

async function showAppeals(ctx: BotContext, wanted: number): Promise<void> {
  const { db } = ctx.deps
  const { appeals: count } = await countForAdmins(db)
  const page = pageOf(wanted, count)
  const shown = await listOpenAppeals(db, { limit: perPage, offset: page * perPage })
  await ctx.show(appealsCard({ shown, count, page }, ctx.texts))
}

/** All of the words, in as many messages as they take: a card has no room for them. */
async function readAll(ctx: BotContext, { words }: Appeal): Promise<void> {
  for (const part of partsOf(words, longestMessage)) await ctx.say(escape(part))
}

/** What was said since the card was drawn is read before it is turned down. */
async function refuse(ctx: BotContext, appeal: Appeal, length: number): Promise<void> {
  const { id: appealId } = appeal
  if (appeal.length === length) return startForm(ctx, refuseAppealForm, { step: 'reason', data: { appealId, length } })
  await ctx.toast(ctx.texts.appeals.changed)
  await ctx.show(appealCard(appeal, ctx.texts))
}

/** An appeal that somebody answered meanwhile leads back to those that wait. */
async function withOpen(ctx: BotContext, id: AppealId, work: (appeal: Appeal) => Promise<void>): Promise<void> {
  const appeal = await findOpenAppeal(ctx.deps.db, id)
  if (appeal !== undefined) return work(appeal)
  await ctx.toast(ctx.texts.appeals.over)
  await showAppeals(ctx, 0)
}
