import { setSearch } from '../../../shared/db/screens.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { button } from '../keyboard.ts'
import { maySearch } from '../limits.ts'
import { findQuery } from './find-step.ts'
import { openProduct } from './product-page.ts'
import { codeIn, faultOf, queryLength, tidyQuery } from './query.ts'

/** The screen that asks what to look for. Any text in the chat is a search, with or without it. */
export const search: Feature = (features) => {
  features.press('search', (ctx) =>
    ctx.show({
      at: buttonData('search'),
      picture: 'home',
      text: ctx.texts.storefront.searchPrompt,
      keyboard: [[button(ctx.texts.storefront.browse, 'categories')], [button(ctx.texts.common.home, 'home')]],
    }),
  )
}

/** Looks for what a person typed: a product's code opens it, anything else is words. */
export async function searchFor(ctx: BotContext, text: string): Promise<void> {
  const query = tidyQuery(text)
  const fault = faultOf(query)
  if (fault !== undefined) {
    await ctx.say(ctx.texts.storefront.queryFault(fault, queryLength))
    return
  }
  if (!(await maySearch(ctx))) return
  const code = codeIn(query)
  if (code !== undefined && (await openProduct(ctx, code))) return
  await setSearch(ctx.deps.db, ctx.deps.bot.id, ctx.person.id, query)
  await ctx.go('list', { list: { kind: 'search' } })
}

export async function searchHeading(ctx: BotContext, total: number): Promise<Html> {
  return ctx.texts.storefront.results(await findQuery(ctx), total)
}

/** Nothing found: what else to try. */
export async function showNothingFound(ctx: BotContext): Promise<void> {
  const { storefront, common } = ctx.texts
  await ctx.show({
    at: buttonData('list', { list: { kind: 'search' } }),
    picture: 'home',
    text: storefront.nothingFound(await findQuery(ctx)),
    keyboard: [[button(storefront.browse, 'categories')], [button(common.home, 'home')]],
  })
}
