import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { countView } from '../../../shared/db/product-views.ts'
import { findOwnProduct } from '../../../shared/db/own-products.ts'
import { findProduct, type ListedProduct } from '../../../shared/db/products.ts'
import { findShop } from '../../../shared/db/sellers.ts'
import { type ArgumentsOf } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { descriptionCard, productPageCard } from './product-card.ts'
import { viewerOf } from './viewer.ts'

/** The page of one product, and its whole description. */
export const productPage: Feature = (features) => {
  features.link('product', openProduct)
  features.press('product', showProductPage)
  features.press('description', showDescription)
}

async function showProductPage(ctx: BotContext, place: ArgumentsOf<'product'>): Promise<void> {
  const product = await findProduct(ctx.deps.db, ctx.person.id, place.product)
  if (product?.isVisible !== true) return showWhatIsLeft(ctx, place)
  await countView(ctx.deps.db, product.id, ctx.person.id)
  await ctx.show(productPageCard(product, place, viewerOf(ctx)))
}

async function showDescription(ctx: BotContext, place: ArgumentsOf<'description'>): Promise<void> {
  const product = await findProduct(ctx.deps.db, ctx.person.id, place.product)
  if (product?.isVisible !== true) return showWhatIsLeft(ctx, place)
  await ctx.show(descriptionCard(product, place, viewerOf(ctx)))
}

/** The product was withdrawn after its screen was drawn: the list it was in, where it used to stand. */
async function showWhatIsLeft(ctx: BotContext, place: ArgumentsOf<'product'>): Promise<void> {
  const fields = { userId: ctx.person.id, productCode: place.product, reason: 'order.not_visible' }
  ctx.deps.log.info(fields, 'product is gone')
  await ctx.toast(ctx.texts.storefront.noLongerForSale)
  await ctx.go('browse', place)
}

/** Its seller is led to it in whatever state it is. */
const isOwn = async ({ deps, person }: BotContext, code: PublicCode): Promise<boolean> =>
  (await findOwnProduct(deps.db, person.id, code)) !== undefined

/** Opens a product by its code, from a link or a search; false when there never was one. */
export async function openProduct(ctx: BotContext, code: PublicCode): Promise<boolean> {
  const product = await findProduct(ctx.deps.db, ctx.person.id, code)
  if (product?.isVisible !== true && (await isOwn(ctx, code))) await ctx.go('myProduct', { product: code })
  else if (product === undefined) return false
  else if (product.isVisible) await showProductPage(ctx, { product: code, list: { kind: 'none' }, position: 1 })
  else await showInstead(ctx, product)
  return true
}

/** Not for sale: its owner gets the entry of the library, everybody else the seller's shop if it still sells. */
async function showInstead(ctx: BotContext, product: ListedProduct): Promise<void> {
  if (product.isOwned) return ctx.go('owned', { product: product.code })
  await ctx.say(ctx.texts.storefront.notForSale)
  const shop = await findShop(ctx.deps.db, product.sellerCode)
  const isSelling = shop !== undefined && !shop.isClosed && !shop.isPaused && shop.products > 0
  if (isSelling) return ctx.go('list', { list: { kind: 'shop', shop: product.sellerCode } })
  await ctx.go('home')
}
