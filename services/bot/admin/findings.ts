import { insertAudit } from '../../../shared/db/audit-log.ts'
import {
  acknowledgeFinding,
  findFinding,
  type Finding,
  listFindings,
  payoutsBlockedBy,
} from '../../../shared/db/invariants.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { type FindingId } from '../../../shared/domain/ids.ts'
import { type BotContext } from '../context.ts'
import { type Features } from '../features.ts'
import { type Administrator, forAdministrators, mustBeAdministrator } from './administrator.ts'
import { askFindingCard, findingCard, findingsCard } from './finding-cards.ts'

/** What must never be and was found: while it is not acknowledged, no seller is paid. */
export function serveFindings(features: Features): void {
  features.press('findings', forAdministrators(showFindings))
  features.press(
    'finding',
    forAdministrators((ctx, { finding }) => showFinding(ctx, finding, findingCard)),
  )
  features.press(
    'askFinding',
    forAdministrators((ctx, { finding }) => showFinding(ctx, finding, askFindingCard)),
  )
  features.press(
    'acceptFinding',
    forAdministrators(async (ctx, { finding, version }, by) => {
      const isDone = await acknowledge(ctx, { id: finding, version, by })
      await ctx.toast(isDone ? ctx.texts.invariants.acknowledged : ctx.texts.invariants.changed)
      await showFindings(ctx)
    }),
  )
}

async function showFindings(ctx: BotContext): Promise<void> {
  const { db } = ctx.deps
  const [findings, blocks] = await Promise.all([listFindings(db), payoutsBlockedBy(db)])
  await ctx.show(findingsCard(findings, blocks, ctx.texts))
}

/** A finding that ended meanwhile leads back to what is still there. */
async function showFinding(ctx: BotContext, id: FindingId, card: typeof findingCard): Promise<void> {
  const finding = await findFinding(ctx.deps.db, id)
  if (finding === undefined) await showFindings(ctx)
  else await ctx.show(card(finding, ctx.texts))
}

/** Writes down who lets payouts go on, with the finding as they saw it; false when it has changed since. */
async function acknowledge(
  ctx: BotContext,
  seen: { readonly id: FindingId; readonly version: number; readonly by: Administrator },
): Promise<boolean> {
  mustBeAdministrator(ctx.deps, seen.by)
  const finding = await inTransaction(ctx.deps.db, async (tx): Promise<Finding | undefined> => {
    const acknowledged = await acknowledgeFinding(tx, seen)
    if (acknowledged === undefined) return undefined
    const { name, count, refs } = acknowledged
    await insertAudit(tx, { actor: seen.by, action: 'invariant.acknowledge', target: name, before: { count, refs } })
    return acknowledged
  })
  if (finding !== undefined) ctx.deps.log.info({ userId: seen.by, name: finding.name }, 'finding acknowledged')
  return finding !== undefined
}
