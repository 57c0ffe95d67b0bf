import { insertAudit } from '../../../shared/db/audit-log.ts'
import {
  countFrozenSellers,
  findFrozenSeller,
  liftFreeze,
  listFrozenSellers,
} from '../../../shared/db/payout-freezes.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { type SellerChangeId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { type BotContext } from '../context.ts'
import { type Features } from '../features.ts'
import { type Administrator, forAdministrators, mustBeAdministrator } from './administrator.ts'
import { askLiftCard, frozenSellerCard, frozenSellersCard } from './freeze-cards.ts'

const mostShown = 10

/** Sellers who disowned a change of their account: a person looks at it, and lets their payouts go on. */
export function serveFreezes(features: Features): void {
  features.press('frozenSellers', forAdministrators(showFrozen))
  features.press(
    'frozenSeller',
    forAdministrators((ctx, { shop }) => showOne(ctx, shop, frozenSellerCard)),
  )
  features.press(
    'askLift',
    forAdministrators((ctx, { shop }) => showOne(ctx, shop, askLiftCard)),
  )
  features.press(
    'liftFreeze',
    forAdministrators(async (ctx, { shop, change }, by) => {
      const isLifted = await lift(ctx, by, { shop, lastChangeId: change })
      await ctx.toast(isLifted ? ctx.texts.freezes.lifted : ctx.texts.freezes.changed)
      await (isLifted ? showFrozen(ctx) : showOne(ctx, shop, frozenSellerCard))
    }),
  )
}

async function showFrozen(ctx: BotContext): Promise<void> {
  const { db } = ctx.deps
  const [sellers, count] = await Promise.all([listFrozenSellers(db, mostShown), countFrozenSellers(db)])
  await ctx.show(frozenSellersCard(sellers, count, ctx.texts))
}

/** One that was settled meanwhile leads back to those who still wait. */
async function showOne(ctx: BotContext, shop: PublicCode, card: typeof frozenSellerCard): Promise<void> {
  const seller = await findFrozenSeller(ctx.deps.db, shop)
  if (seller === undefined) await showFrozen(ctx)
  else await ctx.show(card(seller, ctx.texts))
}

type Seen = { readonly shop: PublicCode; readonly lastChangeId: SellerChangeId }

/** Opens the payouts, writes down who did and what they had seen, and has the seller told; false when that is outdated. */
async function lift(ctx: BotContext, by: Administrator, seen: Seen): Promise<boolean> {
  const { deps } = ctx
  mustBeAdministrator(deps, by)
  const lifted = await inTransaction(deps.db, async (tx) => {
    const done = await liftFreeze(tx, seen)
    if (done === undefined) return undefined
    const { sellerId, frozenAt, address } = done.seller
    await insertAudit(tx, {
      actor: by,
      action: 'payouts.unfreeze',
      target: seen.shop,
      before: { frozenAt, address, lastChangeId: seen.lastChangeId },
      after: { frozenAt: null },
    })
    await notify(tx, sellerId, done.liftId, { kind: 'payouts open again', liftId: done.liftId })
    return done
  })
  deps.log.info({ userId: by, shop: seen.shop, isLifted: lifted !== undefined }, 'payouts to be opened again')
  return lifted !== undefined
}
