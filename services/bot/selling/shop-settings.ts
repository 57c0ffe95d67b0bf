import { closeAccount } from '../../../shared/db/close-account.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { type SellerAccount, sellerNotices } from '../../../shared/db/seller-accounts.ts'
import { setNotice, setPaused } from '../../../shared/db/seller-changes.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { startForm } from '../forms/start-form.ts'
import { button, styled } from '../keyboard.ts'
import { asSeller, shopFacts, verifyRow } from './seller-desk.ts'
import { shopEmailForm, verifyEmailForm } from './email-forms.ts'
import { shopAddressForm, shopBioForm, shopNameForm } from './settings-forms.ts'

const settingForms = { name: shopNameForm, bio: shopBioForm, email: shopEmailForm, address: shopAddressForm }

/** What a seller may set: each change is guarded, written down, and may be pressed twice. */
export const shopSettings: Feature = (features) => {
  features.press('settings', (ctx) => asSeller(ctx, (account) => showSettings(ctx, account)))
  features.press('changeSetting', (ctx, { field }) =>
    asSeller(ctx, () => startForm(ctx, settingForms[field], { step: field, data: {} })),
  )
  features.press('verifyEmail', (ctx) =>
    asSeller(ctx, () => startForm(ctx, verifyEmailForm, { step: 'verify', data: {} })),
  )
  features.press('sellerNotice', async (ctx, { what, to }) => {
    const isChanged = await inTransaction(ctx.deps.db, (tx) => setNotice(tx, ctx.person.id, what, to === 'on'))
    await ctx.toast(isChanged ? ctx.texts.desk.saved : ctx.texts.desk.unchanged)
    await ctx.go('settings')
  })
  features.press('pauseShop', (ctx) => pause(ctx, true))
  features.press('resumeShop', (ctx) => pause(ctx, false))
  features.press('closeShop', (ctx) => asSeller(ctx, () => askToClose(ctx)))
  features.press('closeShopNow', (ctx) => asSeller(ctx, () => close(ctx)))
}

async function showSettings(ctx: BotContext, account: SellerAccount): Promise<void> {
  const { desk, common } = ctx.texts
  await ctx.show({
    at: buttonData('settings'),
    picture: 'home',
    text: desk.settingsCard(shopFacts(account, ctx), ctx.deps.config.mail !== undefined),
    keyboard: [
      [
        button(desk.changeName, 'changeSetting', { field: 'name' }),
        button(desk.changeBio, 'changeSetting', { field: 'bio' }),
      ],
      [
        button(desk.changeEmail, 'changeSetting', { field: 'email' }),
        button(desk.changeAddress, 'changeSetting', { field: 'address' }),
      ],
      verifyRow(account, ctx),
      ...sellerNotices.map((what) => [noticeKey(ctx, what, account)]),
      [account.isPaused ? button(desk.resume, 'resumeShop') : button(desk.pause, 'pauseShop')],
      [styled(button(desk.close, 'closeShop'), 'danger')],
      [button(desk.toDesk, 'sell'), button(common.home, 'home')],
    ],
  })
}

/** Shows how it is, and turns it round: the button says what it will be, so that a second press changes nothing. */
function noticeKey({ texts }: BotContext, what: (typeof sellerNotices)[number], { silent }: SellerAccount) {
  const isOn = !silent.includes(what)
  const words = texts.desk.notices[what]
  return button(isOn ? words.on : words.off, 'sellerNotice', { what, to: isOn ? 'off' : 'on' })
}

async function pause(ctx: BotContext, isPaused: boolean): Promise<void> {
  const { deps, person, texts } = ctx
  const isChanged = await inTransaction(deps.db, (tx) => setPaused(tx, person.id, isPaused))
  deps.log.info({ userId: person.id, isPaused, isChanged }, 'shop paused or opened again')
  await ctx.toast(isPaused ? texts.desk.paused : texts.desk.resumed)
  await ctx.go('settings')
}

async function askToClose(ctx: BotContext): Promise<void> {
  const { desk, common } = ctx.texts
  await ctx.show({
    at: buttonData('closeShop'),
    picture: 'home',
    text: desk.askClose,
    keyboard: [[styled(button(desk.closeNow, 'closeShopNow'), 'danger')], [button(common.back, 'settings')]],
  })
}

async function close(ctx: BotContext): Promise<void> {
  const { deps, person, texts } = ctx
  const closing = await inTransaction(deps.db, (tx) => closeAccount(tx, person.id))
  deps.log.info({ userId: person.id, outcome: closing.kind }, 'seller account to be closed')
  if (closing.kind === 'balance') return showBalanceLeft(ctx, closing.owed)
  await ctx.toast(texts.desk.closed)
  await ctx.go('home')
}

async function showBalanceLeft(ctx: BotContext, owed: bigint): Promise<void> {
  const { desk, common } = ctx.texts
  await ctx.show({
    at: buttonData('closeShop'),
    picture: 'home',
    text: desk.balanceLeft(owed),
    keyboard: [[button(desk.balance, 'balance')], [button(common.back, 'settings')]],
  })
}
