import { findOwnPayout, listOwnPayouts } from '../../../shared/db/payouts.ts'
import { type PayoutId } from '../../../shared/domain/ids.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { button } from '../keyboard.ts'
import { pageRow, readPage } from '../page-row.ts'
import { asSeller } from './seller-desk.ts'

const perPage = 10

/** What a seller was paid: when, how much, where to, by which transaction and for which orders. */
export const myPayouts: Feature = (features) => {
  features.press('myPayouts', (ctx, { page }) => asSeller(ctx, () => showPage(ctx, page)))
  features.press('myPayout', (ctx, { payout }) => asSeller(ctx, () => showOne(ctx, payout)))
}

async function showPage(ctx: BotContext, wanted: number): Promise<void> {
  const { deps, person, texts } = ctx
  const { count, shown, page, last } = await readPage(
    (part) => listOwnPayouts(deps.db, person.id, part),
    wanted,
    perPage,
  )
  const keys = shown.map(({ id }, index) => button(String(page * perPage + index + 1), 'myPayout', { payout: id }))
  await ctx.show({
    at: buttonData('myPayouts', { page }),
    picture: 'home',
    text: count === 0 ? texts.payouts.noneOwn : texts.payouts.own(count, page * perPage + 1, shown),
    keyboard: [
      keys.slice(0, 5),
      keys.slice(5),
      pageRow(page, last, (label, to) => button(label, 'myPayouts', { page: to })),
      [button(texts.payouts.toBalance, 'balance'), button(texts.common.home, 'home')],
    ],
  })
}

/** Somebody else's is as absent as one that never was. */
async function showOne(ctx: BotContext, id: PayoutId): Promise<void> {
  const { deps, person, texts } = ctx
  const payout = await findOwnPayout(deps.db, person.id, id)
  if (payout === undefined || payout.state === 'cancelled') {
    await ctx.toast(texts.payouts.gone)
    return showPage(ctx, 0)
  }
  await ctx.show({
    at: buttonData('myPayout', { payout: id }),
    picture: 'home',
    text: texts.payouts.ownOne(payout),
    keyboard: [[button(texts.payouts.toMine, 'myPayouts', { page: 0 }), button(texts.common.home, 'home')]],
  })
}
