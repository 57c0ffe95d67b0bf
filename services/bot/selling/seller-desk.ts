import { findSellerAccount, type SellerAccount } from '../../../shared/db/seller-accounts.ts'
import { findSellerFigures, listHeldShares, type SellerFigures } from '../../../shared/db/seller-figures.ts'
import { type ShopFacts } from '../../../shared/texts/facts.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { startForm } from '../forms/start-form.ts'
import { type Form } from '../forms/define-form.ts'
import { button, copyButton, type Key, linkButton, styled } from '../keyboard.ts'
import { suspensionText } from './open-account-form.ts'

/** As many as fit under a picture with every alert. */
const mostHeldShown = 5

/** A seller's desk: figures, balance, the shop's link. Whoever has no shop is led to opening one. */
export const sellerDesk =
  (opening: Form<object>): Feature =>
  (features) => {
    features.command(['sell', 'vendre', 'stats'], (ctx) => enter(ctx, opening))
    features.press('sell', (ctx) => enter(ctx, opening))
    features.press('balance', (ctx) => asSeller(ctx, (account) => showBalance(ctx, account)))
    features.press('shopLink', (ctx) => asSeller(ctx, (account) => showLink(ctx, account)))
  }

async function enter(ctx: BotContext, opening: Form<object>): Promise<void> {
  const account = await findSellerAccount(ctx.deps.db, ctx.person.id)
  if (account?.isClosed === false) return showDesk(ctx, account)
  if (ctx.person.status === 'active') return startForm(ctx, opening, { step: 'email', data: {} })
  ctx.deps.log.info({ userId: ctx.person.id, reason: 'policy.denied' }, 'a suspended person cannot sell')
  await ctx.show({
    at: buttonData('sell'),
    picture: 'home',
    text: await suspensionText(ctx),
    keyboard: [[button(ctx.texts.common.home, 'home')]],
  })
}

/** Does something for whoever has an open account; leads everybody else to opening one. */
export async function asSeller(ctx: BotContext, work: (account: SellerAccount) => Promise<void>): Promise<void> {
  const account = await findSellerAccount(ctx.deps.db, ctx.person.id)
  if (account?.isClosed === false) return work(account)
  await ctx.toast(ctx.texts.desk.notSeller)
  await ctx.go('home')
}

export const shopFacts = (account: SellerAccount, ctx: BotContext): ShopFacts => ({
  ...account,
  isSuspended: ctx.person.status !== 'active',
  mustVerify: mustVerify(account, ctx),
})

/** Whoever opened while no mail could be sent sells all the same, and is asked to confirm their address now. */
const mustVerify = ({ email, isEmailVerified }: SellerAccount, { deps }: BotContext): boolean =>
  email !== null && !isEmailVerified && deps.config.mail !== undefined

export const verifyRow = (account: SellerAccount, ctx: BotContext): Key[] =>
  mustVerify(account, ctx) ? [styled(button(ctx.texts.account.verifyEmail, 'verifyEmail'), 'success')] : []

async function showDesk(ctx: BotContext, account: SellerAccount): Promise<void> {
  const { desk, common } = ctx.texts
  const figures = await findSellerFigures(ctx.deps.db, ctx.person.id)
  await ctx.show({
    at: buttonData('sell'),
    picture: 'home',
    text: desk.dashboard(shopFacts(account, ctx), figures),
    keyboard: [
      ...addressRow(ctx, account),
      verifyRow(account, ctx),
      productsRow(ctx, figures),
      [button(desk.balance, 'balance'), button(desk.shopLink, 'shopLink')],
      [button(desk.settings, 'settings')],
      [button(common.home, 'home')],
    ],
  })
}

/** In a shop without products there is one thing to do. */
function productsRow({ texts: { ownProducts } }: BotContext, { products }: SellerFigures): Key[] {
  const create = button(ownProducts.create, 'newProduct')
  return products === 0 ? [styled(create, 'success')] : [button(ownProducts.mine, 'myProducts'), create]
}

/** What an alert asks for is one press away. */
const addressRow = ({ texts }: BotContext, { address }: SellerAccount) =>
  address === null ? [[button(texts.desk.changeAddress, 'changeSetting', { field: 'address' })]] : []

async function showBalance(ctx: BotContext, account: SellerAccount): Promise<void> {
  const { deps, person, texts } = ctx
  const figures: SellerFigures = await findSellerFigures(deps.db, person.id)
  const held = await listHeldShares(deps.db, person.id, mostHeldShown)
  await ctx.show({
    at: buttonData('balance'),
    picture: 'home',
    text: texts.desk.balanceCard(shopFacts(account, ctx), figures, held, figures.heldShares - held.length),
    keyboard: [
      ...addressRow(ctx, account),
      [
        button(texts.payouts.mine, 'myPayouts', { page: 0 }),
        ...(figures.corrections === 0n ? [] : [button(texts.corrections.button, 'corrections', { page: 0 })]),
      ],
      [button(texts.desk.toDesk, 'sell'), button(texts.common.home, 'home')],
    ],
  })
}

async function showLink(ctx: BotContext, { code, name }: SellerAccount): Promise<void> {
  const { deps, texts } = ctx
  const address = `https://t.me/${deps.bot.username}?start=s_${code}`
  const text = texts.desk.shareText(name)
  const share = `https://t.me/share/url?${new URLSearchParams({ url: address, text }).toString().replaceAll('+', '%20')}`
  await ctx.show({
    at: buttonData('shopLink'),
    picture: 'home',
    text: texts.desk.share(address),
    keyboard: [
      [linkButton(texts.desk.shareButton, share), copyButton(texts.desk.shopLink, address)],
      [button(texts.desk.toDesk, 'sell'), button(texts.common.home, 'home')],
    ],
  })
}
