import { canAppeal } from '../../../shared/db/appeals.ts'
import { type ProductId } from '../../../shared/domain/ids.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { startForm } from '../forms/start-form.ts'
import { appealForm } from './appeal-form.ts'

/** [Appeal] under what says that an account or a product was taken off: its words reach the administrators. */
export const appeal: Feature = (features) => {
  features.press('appeal', (ctx) => begin(ctx, null))
  features.press('appealProduct', (ctx, { product }) => begin(ctx, product))
}

async function begin(ctx: BotContext, product: ProductId | null): Promise<void> {
  if (await canAppeal(ctx.deps.db, ctx.person.id, product))
    return startForm(ctx, appealForm, { step: 'words', data: { product } })
  await ctx.toast(ctx.texts.moderation.nothingToAppeal)
}
