import { listCorrections } from '../../../shared/db/corrections.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { button } from '../keyboard.ts'
import { pageRow, readPage } from '../page-row.ts'
import { asSeller } from './seller-desk.ts'

const perPage = 5

/** What refunds after a payout took back: of which order, how much, when and why. */
export const myCorrections: Feature = (features) => {
  features.press('corrections', (ctx, { page }) => asSeller(ctx, () => showPage(ctx, page)))
}

async function showPage(ctx: BotContext, wanted: number): Promise<void> {
  const { deps, person, texts } = ctx
  const { count, shown, page, last } = await readPage(
    (part) => listCorrections(deps.db, person.id, part),
    wanted,
    perPage,
  )
  await ctx.show({
    at: buttonData('corrections', { page }),
    picture: 'home',
    text: count === 0 ? texts.corrections.none : texts.corrections.card(count, shown),
    keyboard: [
      pageRow(page, last, (label, to) => button(label, 'corrections', { page: to })),
      [button(texts.payouts.toBalance, 'balance'), button(texts.common.home, 'home')],
    ],
  })
}
