import { deleteProduct, type Deletion } from '../../../shared/db/delete-product.ts'
import { activateProduct, deactivateProduct } from '../../../shared/db/edit-product.ts'
import { findOwnAt, findOwnProduct, type OwnProduct } from '../../../shared/db/own-products.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { isSeller } from '../../../shared/db/sellers.ts'
import { type PersonId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { mailSeller } from '../../../shared/messaging/queue-mail.ts'
import { type BotContext, type Card } from '../context.ts'
import { type Feature } from '../features.ts'
import { deleteCard, editCard, noProductsCard, ownProductCard } from './own-product-card.ts'

type OfProduct = { readonly product: PublicCode }

/** What a seller has, in whatever state, and what may be done with it. */
export const myProducts: Feature = (features) => {
  features.press('myProducts', (ctx) => showAt(ctx, 1))
  features.press('myProductsAt', (ctx, { position }) => showAt(ctx, position))
  features.press('myProduct', (ctx, { product }) => withOwn(ctx, product, (own) => ctx.show(cardOf(ctx, own))))
  features.press('editProduct', (ctx, { product }) => showChangeable(ctx, product, editCard))
  features.press('deleteProduct', (ctx, { product }) => showChangeable(ctx, product, deleteCard))
  features.press('activate', activate)
  features.press('deactivate', deactivate)
  features.press('deleteNow', remove)
}

const cardOf = ({ texts, deps }: BotContext, own: OwnProduct): Card => ownProductCard(own, texts, deps.bot.username)

async function showAt(ctx: BotContext, position: number): Promise<void> {
  const own = await findOwnAt(ctx.deps.db, ctx.person.id, position)
  if (own !== undefined) return ctx.show(cardOf(ctx, own))
  if (await isSeller(ctx.deps.db, ctx.person.id)) return ctx.show(noProductsCard(ctx.texts))
  await ctx.toast(ctx.texts.ownProducts.notSeller)
  await ctx.go('home')
}

/** Deleted meanwhile, or of somebody else: both in the same words. */
export async function withOwn(
  ctx: BotContext,
  product: PublicCode,
  work: (own: OwnProduct) => Promise<void>,
): Promise<void> {
  const own = await findOwnProduct(ctx.deps.db, ctx.person.id, product)
  if (own !== undefined) return work(own)
  ctx.deps.log.info({ userId: ctx.person.id, productCode: product, reason: 'access.denied' }, 'not a product of theirs')
  await ctx.toast(ctx.texts.ownProducts.gone)
  await showAt(ctx, 1)
}

/** False for somebody who may look at their products, but not change them; they have been told. */
export async function maySell(ctx: BotContext): Promise<boolean> {
  if (ctx.person.status === 'active') return true
  ctx.deps.log.info({ userId: ctx.person.id, reason: 'policy.denied' }, 'a suspended person cannot sell')
  await ctx.toast(ctx.texts.ownProducts.mayNotSell)
  return false
}

async function showChangeable(
  ctx: BotContext,
  product: PublicCode,
  build: (own: OwnProduct, texts: BotContext['texts']) => Card,
): Promise<void> {
  if (!(await maySell(ctx))) return ctx.go('myProduct', { product })
  await withOwn(ctx, product, (own) => ctx.show(build(own, ctx.texts)))
}

async function activate(ctx: BotContext, { product }: OfProduct): Promise<void> {
  const { ownProducts } = ctx.texts
  if (!(await maySell(ctx))) return ctx.go('myProduct', { product })
  const outcome = await inTransaction(ctx.deps.db, (tx) => activateProduct(tx, ctx.person.id, product))
  ctx.deps.log.info({ userId: ctx.person.id, productCode: product, outcome }, 'product put on sale again')
  const lines = { active: ownProducts.activated, moderated: ownProducts.moderated, 'no file': ownProducts.noFile }
  await ctx.toast(outcome === 'not found' ? ownProducts.gone : lines[outcome])
  await ctx.go('myProduct', { product })
}

async function deactivate(ctx: BotContext, { product }: OfProduct): Promise<void> {
  if (!(await maySell(ctx))) return ctx.go('myProduct', { product })
  const isDone = await deactivateProduct(ctx.deps.db, ctx.person.id, product)
  ctx.deps.log.info({ userId: ctx.person.id, productCode: product, isDone }, 'product taken off sale')
  if (isDone) await ctx.toast(ctx.texts.ownProducts.deactivated)
  await ctx.go('myProduct', { product })
}

async function remove(ctx: BotContext, { product }: OfProduct): Promise<void> {
  const { ownProducts } = ctx.texts
  if (!(await maySell(ctx))) return ctx.go('myProduct', { product })
  const deletion = await inTransaction(ctx.deps.db, (tx) => deleteAndMail(tx, ctx.person.id, product))
  ctx.deps.log.info({ userId: ctx.person.id, productCode: product, deletion }, 'product deleted')
  const lines = { removed: ownProducts.removed, hidden: ownProducts.hidden, 'not found': ownProducts.gone }
  await ctx.toast(lines[deletion])
  await showAt(ctx, 1)
}

/** A draft that never had a title is no loss to write about. */
async function deleteAndMail(tx: Queryable, seller: PersonId, code: PublicCode): Promise<Deletion> {
  const own = await findOwnProduct(tx, seller, code)
  const deletion = await deleteProduct(tx, seller, code)
  if (deletion !== 'not found' && own !== undefined && own.title !== null)
    await mailSeller(tx, seller, own.id, { template: 'product deleted', title: own.title, deletion })
  return deletion
}
