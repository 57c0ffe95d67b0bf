import {
  countOpenDeadLetters,
  type DeadLetter,
  findOpenDeadLetter,
  listOpenDeadLetters,
} from '../../../shared/db/dead-letters.ts'
import { countForAdmins, findOrderAbout } from '../../../shared/db/admin-counts.ts'
import { listFindings } from '../../../shared/db/invariants.ts'
import { oldestUnsentSeconds } from '../../../shared/db/outbox.ts'
import { type DeadLetterId } from '../../../shared/domain/ids.ts'
import { type BotContext } from '../context.ts'
import { type Features } from '../features.ts'
import { forAdministrators } from './administrator.ts'
import { adminHomeCard, letterCard, lettersCard, lettersPerPage, whyDiscardCard } from './letter-cards.ts'
import { discardLetter, replayKind, replayLetter, type Settled } from './settle-letter.ts'

/** What cannot go on by itself: the list of it, and the buttons that send it again, redirect or discard it. */
export function serveLetters(features: Features): void {
  features.press('admin', forAdministrators(showAdminHome))
  features.press(
    'letters',
    forAdministrators((ctx, { kind, page }) => showLetters(ctx, kind, page)),
  )
  features.press(
    'letter',
    forAdministrators((ctx, { letter }) => showLetter(ctx, letter)),
  )
  features.press(
    'sendLetter',
    forAdministrators(async (ctx, { letter }, by) => answer(ctx, letter, await replayLetter(ctx.deps, by, letter))),
  )
  features.press(
    'linkLetter',
    forAdministrators(async (ctx, { letter }, by) =>
      answer(ctx, letter, await replayLetter(ctx.deps, by, letter, 'link')),
    ),
  )
  features.press(
    'dropLetter',
    forAdministrators((ctx, { letter }) => askWhy(ctx, letter)),
  )
  features.press(
    'dropLetterAs',
    forAdministrators(async (ctx, { letter, reason }, by) =>
      answer(ctx, letter, await discardLetter(ctx.deps, by, letter, reason)),
    ),
  )
  features.press(
    'sendLetters',
    forAdministrators(async (ctx, { kind }, by) => {
      const { sent, left } = await replayKind(ctx.deps, by, kind)
      await ctx.toast(ctx.texts.admin.sentMany(sent, left))
      await showLetters(ctx, kind, 0)
    }),
  )
}

/** How much waits for administrators, and since when. */
export async function showAdminHome(ctx: BotContext): Promise<void> {
  const { db } = ctx.deps
  const [kinds, counts, seconds, findings] = await Promise.all([
    countOpenDeadLetters(db),
    countForAdmins(db),
    oldestUnsentSeconds(db),
    listFindings(db),
  ])
  const deadLetters = kinds.reduce((sum, { count }) => sum + count, 0)
  const facts = { ...counts, deadLetters, oldestUnsentSeconds: seconds }
  await ctx.show(adminHomeCard(facts, kinds, findings.length, ctx.texts))
}

async function showLetters(ctx: BotContext, kind: string, wanted: number): Promise<void> {
  const { db } = ctx.deps
  const count = (await countOpenDeadLetters(db)).find((one) => one.kind === kind)?.count ?? 0
  const page = Math.min(wanted, Math.max(0, Math.ceil(count / lettersPerPage) - 1))
  const letters = await listOpenDeadLetters(db, { kind, limit: lettersPerPage, offset: page * lettersPerPage })
  await ctx.show(lettersCard({ kind, letters, count, page }, ctx.texts))
}

async function showLetter(ctx: BotContext, id: DeadLetterId): Promise<void> {
  const letter = await findOrLeave(ctx, id)
  if (letter === undefined) return
  await ctx.show(letterCard(letter, await findOrderAbout(ctx.deps.db, letter.ref), ctx.texts))
}

async function askWhy(ctx: BotContext, id: DeadLetterId): Promise<void> {
  const letter = await findOrLeave(ctx, id)
  if (letter !== undefined) await ctx.show(whyDiscardCard(letter, ctx.texts))
}

/** A letter that somebody settled meanwhile leads back to what is still open. */
async function findOrLeave(ctx: BotContext, id: DeadLetterId): Promise<DeadLetter | undefined> {
  const letter = await findOpenDeadLetter(ctx.deps.db, id)
  if (letter === undefined) await answer(ctx, id, 'settled already')
  return letter
}

async function answer(ctx: BotContext, id: DeadLetterId, settled: Settled): Promise<void> {
  const { admin } = ctx.texts
  const lines: Readonly<Record<Settled, string>> = {
    sent: admin.sentAgain,
    'nothing left': admin.nothingLeft,
    discarded: admin.discarded,
    'settled already': admin.settledAlready,
    'cannot be sent': admin.cannotBeSent,
  }
  await ctx.toast(lines[settled])
  if (settled === 'cannot be sent') await showLetter(ctx, id)
  else await showAdminHome(ctx)
}
