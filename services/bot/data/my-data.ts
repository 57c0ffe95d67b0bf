import { findReceiptAddress, setReceiptAddress } from '../../../shared/db/receipts.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { startForm } from '../forms/start-form.ts'
import { button } from '../keyboard.ts'
import { receiptForm } from './receipt-form.ts'

/** What a person may set about their own data: where their receipts go. */
export const myData: Feature = (features) => {
  features.command(['mydata', 'mesdonnees'], showData)
  features.press('myData', showData)
  features.press('changeReceipts', (ctx) => changeReceipts(ctx))
  features.press('stopReceipts', async (ctx) => {
    await setReceiptAddress(ctx.deps.db, ctx.person.id, null)
    await ctx.toast(ctx.texts.data.stopped)
    await showData(ctx)
  })
}

async function showData(ctx: BotContext): Promise<void> {
  const { data, common } = ctx.texts
  const address = await findReceiptAddress(ctx.deps.db, ctx.person.id)
  const hasMail = ctx.deps.config.mail !== undefined
  await ctx.show({
    at: buttonData('myData'),
    picture: 'home',
    text: data.card(address ?? null, hasMail),
    keyboard: [
      hasMail ? [button(address === undefined ? data.add : data.change, 'changeReceipts')] : [],
      address === undefined ? [] : [button(data.stop, 'stopReceipts')],
      [button(common.home, 'home')],
    ],
  })
}

async function changeReceipts(ctx: BotContext): Promise<void> {
  if (ctx.deps.config.mail !== undefined) return startForm(ctx, receiptForm, { step: 'email', data: {} })
  await ctx.toast(ctx.texts.data.noMail)
  await showData(ctx)
}
