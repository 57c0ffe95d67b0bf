import { type FrozenSeller } from '../../../shared/db/payout-freezes.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button, styled } from '../keyboard.ts'

/** Those whose payouts are frozen, each a button; of many the ones that wait longest. */
export const frozenSellersCard = (
  sellers: readonly FrozenSeller[],
  count: number,
  { admin, freezes }: Texts,
): Card => ({
  at: buttonData('frozenSellers'),
  picture: 'neutral',
  text: sellers.length === 0 ? freezes.none : freezes.list(count),
  keyboard: [
    ...sellers.map(({ shop, name }) => [button(freezes.entry(shop, name), 'frozenSeller', { shop })]),
    [button(admin.back, 'admin')],
  ],
})

/** One of them, with what was changed. */
export const frozenSellerCard = (seller: FrozenSeller, { common, freezes }: Texts): Card => ({
  at: buttonData('frozenSeller', { shop: seller.shop }),
  picture: 'neutral',
  text: freezes.one(seller),
  keyboard: [[button(freezes.lift, 'askLift', { shop: seller.shop })], [button(common.back, 'frozenSellers')]],
})

/** Money goes out again, so it takes a second press, which names what was seen. */
export const askLiftCard = (seller: FrozenSeller, { common, freezes }: Texts): Card => ({
  at: buttonData('askLift', { shop: seller.shop }),
  picture: 'neutral',
  text: freezes.ask(seller),
  keyboard: [
    [styled(button(freezes.liftNow, 'liftFreeze', { shop: seller.shop, change: seller.lastChangeId }), 'danger')],
    [button(common.back, 'frozenSeller', { shop: seller.shop })],
  ],
})
