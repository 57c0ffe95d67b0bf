import { type PublicCode, productCodeLength, readCode } from '../../../shared/domain/public-code.ts'
import { findShop, findShopOf, type Shop } from '../../../shared/db/sellers.ts'
import { bold, dotted, escape, type Html, italic, lines } from '../../../shared/telegram/html.ts'
import { cut } from '../../../shared/telegram/text-length.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { button } from '../keyboard.ts'

const mostOfBio = 200

/** A seller's shop: by link, by code, by the seller's name in Telegram. */
export const shop: Feature = (features) => {
  features.link('shop', openShop)
  features.command(['shop', 'boutique'], async (ctx) => {
    const found = await findNamed(ctx, ctx.payload.trim())
    if (found === undefined) await ctx.say(ctx.texts.storefront.unknownShop)
    else await openShop(ctx, found.code)
  })
}

/** False when there is no such shop. */
async function openShop(ctx: BotContext, code: PublicCode): Promise<boolean> {
  if ((await findShop(ctx.deps.db, code)) === undefined) return false
  await ctx.go('list', { list: { kind: 'shop', shop: code } })
  return true
}

/** `@name` or a code. */
function findNamed({ deps }: BotContext, name: string): Promise<Shop | undefined> {
  const code = readCode(name, productCodeLength)
  if (code !== undefined) return findShop(deps.db, code)
  const [, username] = /^@?(\w{1,32})$/.exec(name) ?? []
  return username === undefined ? Promise.resolve(undefined) : findShopOf(deps.db, username)
}

/** Who sells here, above each of the products. */
export async function shopHeading({ deps, texts }: BotContext, code: PublicCode): Promise<Html | undefined> {
  const found = await findShop(deps.db, code)
  if (found === undefined) return undefined
  const { storefront } = texts
  const stars = found.reviewsCount === 0n ? undefined : storefront.stars(found.ratingSum, found.reviewsCount)
  return lines(
    bold(escape(`🏪 ${found.name}`)),
    found.bio === '' ? undefined : italic(escape(cut(found.bio, mostOfBio))),
    dotted(stars === undefined ? undefined : escape(stars), escape(storefront.sales(found.sales))),
  )
}

/** Why there is nothing to see: unknown, closed or paused, or simply empty. */
export async function showShopWithoutProducts(ctx: BotContext, code: PublicCode): Promise<void> {
  const { texts } = ctx
  const found = await findShop(ctx.deps.db, code)
  await ctx.show({
    at: buttonData('list', { list: { kind: 'shop', shop: code } }),
    picture: 'home',
    text: sentenceFor(ctx, found),
    keyboard: [[button(texts.storefront.browse, 'categories')], [button(texts.common.home, 'home')]],
  })
}

function sentenceFor({ texts: { storefront } }: BotContext, found: Shop | undefined): Html {
  if (found === undefined || found.isClosed) return storefront.unknownShop
  return found.isPaused ? storefront.pausedShop(found.name) : storefront.emptyShop(found.name)
}
