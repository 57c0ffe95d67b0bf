import { type MiddlewareFn } from 'telegraf'
import { takeToken } from '../../shared/db/rate-buckets.ts'
import { type BotContext } from './context.ts'

const actions = { burst: 20, perSecond: 1 }
const warnings = { burst: 1, perSecond: 1 / 20 }
const searches = { burst: 20, perSecond: 20 / 60 }

/** Whoever presses faster than anybody can read is told so once, and then left without an effect. */
export const slowDown: MiddlewareFn<BotContext> = async (ctx, next) => {
  if (await isWithin(ctx, 'actions', actions)) return next()
  await warn(ctx)
}

/** False when this person searched too often; they have been told. */
export async function maySearch(ctx: BotContext): Promise<boolean> {
  if (await isWithin(ctx, 'searches', searches)) return true
  await warn(ctx)
  return false
}

const isWithin = ({ deps, person }: BotContext, what: string, rate: { burst: number; perSecond: number }) =>
  takeToken(deps.db, `${what}:${person.id}`, rate)

async function warn(ctx: BotContext): Promise<void> {
  ctx.deps.log.info({ userId: ctx.person.id, reason: 'rate.limited' }, 'somebody is too fast')
  if (await isWithin(ctx, 'warnings', warnings)) await ctx.toast(ctx.texts.common.slowDown)
}
