import { type DeepLink, readDeepLink } from '../../shared/domain/public-code.ts'
import { hasOpenShop } from '../../shared/db/sellers.ts'
import { buttonData } from './buttons.ts'
import { type BotContext } from './context.ts'
import { type Feature, type Features } from './features.ts'
import { continueKeys } from './forms/start-form.ts'
import { button } from './keyboard.ts'
import { welcomeBack } from './sender.ts'

/** The door: /start, the links that lead in, and home. */
export const start: Feature = (features) => {
  features.command('start', async (ctx) => {
    await welcomeBack(ctx.deps, ctx.person.id)
    await enter(features, ctx, readDeepLink(ctx.payload.trim()))
  })
  features.press('home', showHome)
}

/** Somebody else's order, a code nobody has, a malformed link: all lead nowhere in the same words. */
async function enter(features: Features, ctx: BotContext, link: DeepLink): Promise<void> {
  if (link.kind === 'home') return showHome(ctx)
  if ('code' in link && (await features.follow(ctx, link.kind, link.code))) return
  await ctx.say(ctx.texts.home.nowhere)
  await showHome(ctx)
}

async function showHome(ctx: BotContext): Promise<void> {
  const { home, common } = ctx.texts
  const hasShop = await hasOpenShop(ctx.deps.db, ctx.person.id)
  await ctx.show({
    at: buttonData('home'),
    picture: 'home',
    text: home.welcome(ctx.deps.config.money.coins),
    keyboard: [
      await continueKeys(ctx),
      [button(home.browse, 'categories'), button(home.search, 'search')],
      [button(home.library, 'library'), button(home.orders, 'orders')],
      [button(hasShop ? home.myShop : home.sell, 'sell')],
      [button(home.support, 'page', { page: 'support' }), button(common.language, 'languages')],
    ],
  })
}
