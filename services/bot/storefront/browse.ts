import { findCategoriesAround, listCategories } from '../../../shared/db/categories.ts'
import { start, type Wanted } from '../../../shared/db/product-lists.ts'
import { countedNumber } from '../../../shared/texts/format.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { button, type Key } from '../keyboard.ts'
import { findStep, wantedAt } from './find-step.ts'
import { type List } from './place.ts'
import { carouselCard } from './product-card.ts'
import { searchHeading, showNothingFound } from './search.ts'
import { shopHeading, showShopWithoutProducts } from './shop.ts'
import { viewerOf } from './viewer.ts'

/** Categories, and the carousel of any list. */
export const browse: Feature = (features) => {
  features.command(['buy', 'achat'], (ctx) => showCategories(ctx))
  features.press('categories', showCategories)
  features.press('list', (ctx, { list }) => showCarousel(ctx, list, start))
  features.press('browse', (ctx, { list, product, position }) => showCarousel(ctx, list, wantedAt(product, position)))
  features.press('nothing', async () => {
    // the number between the arrows: the empty answer to the press is all it does
  })
}

/** The categories that have something for sale, two per row. */
export async function showCategories(ctx: BotContext): Promise<void> {
  const { texts, person } = ctx
  const categories = await listCategories(ctx.deps.db)
  const keys = categories.map(({ id, icon, names, products }) =>
    button(`${icon} ${names[person.language]} (${countedNumber(products)})`, 'list', {
      list: { kind: 'category', category: id },
    }),
  )
  await ctx.show({
    at: buttonData('categories'),
    picture: 'home',
    text: categories.length === 0 ? texts.storefront.nothingForSale : texts.storefront.categories,
    keyboard: [
      ...inPairs(keys),
      [
        categories.length === 0
          ? button(texts.storefront.becomeSeller, 'sell')
          : button(texts.storefront.search, 'search'),
      ],
      [button(texts.common.home, 'home')],
    ],
  })
}

const inPairs = (keys: readonly Key[]): Key[][] =>
  keys.flatMap((_, index) => (index % 2 === 0 ? [keys.slice(index, index + 2)] : []))

/** Opens a list, at a product if it is still in it. */
export async function showCarousel(ctx: BotContext, list: List, wanted: Wanted): Promise<void> {
  const step = await findStep(ctx, list, wanted)
  if (step === undefined) return showEmpty(ctx, list)
  if (wanted.code !== null && step.product.code !== wanted.code) await ctx.toast(ctx.texts.common.outdated)
  const heading = await headingOf(ctx, list, step.total)
  const around = list.kind === 'category' ? await findCategoriesAround(ctx.deps.db, list.category) : undefined
  await ctx.show(carouselCard({ list, step, heading, around }, viewerOf(ctx)))
}

async function showEmpty(ctx: BotContext, list: List): Promise<void> {
  if (list.kind === 'search') return showNothingFound(ctx)
  if (list.kind === 'shop') return showShopWithoutProducts(ctx, list.shop)
  if (ctx.press?.action === 'browse') await ctx.toast(ctx.texts.common.outdated)
  return showCategories(ctx)
}

async function headingOf(ctx: BotContext, list: List, total: number): Promise<Html | undefined> {
  if (list.kind === 'search') return searchHeading(ctx, total)
  return list.kind === 'shop' ? shopHeading(ctx, list.shop) : undefined
}
