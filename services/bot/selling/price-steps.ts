import { setPrice } from '../../../shared/db/edit-product.ts'
import { breakdown } from '../../../shared/domain/fee.ts'
import { type Cents } from '../../../shared/domain/money.ts'
import { type PriceRange, readPrice } from '../../../shared/domain/price.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { checkoutDeps, type CheckoutSettings, feeRuleOf } from '../checkout/checkout-deps.ts'
import { findCarryingCoins } from '../checkout/offered-coins.ts'
import { type BotContext } from '../context.ts'
import { go, refuse, type Step } from '../forms/define-form.ts'
import {
  askAbout,
  before,
  keepKeys,
  onward,
  type ProductFormData,
  type ProductNext,
  refuseGone,
} from './product-form-data.ts'

const rangeOf = ({ deps }: BotContext): PriceRange => ({
  least: deps.config.money.priceMinCents,
  most: deps.config.money.priceMaxCents,
})

export const priceStep: Step<ProductFormData> = {
  back: (data) => before('price', data),
  ask: (ctx, data) =>
    askAbout(ctx, data, ({ price }) => ({
      text: ctx.texts.productForm.askPrice(rangeOf(ctx), price),
      keys: keepKeys(ctx, data, price !== null),
    })),
  text: async (turn, text) => {
    const { ctx, tx, data } = turn
    const read = readPrice(text, rangeOf(ctx))
    if (read.kind === 'refused') return refuse(ctx.texts.productForm.priceFault(read.fault, rangeOf(ctx)))
    const product = await setPrice(tx, ctx.person.id, data.product, read.price)
    return product === undefined ? refuseGone(turn) : afterPrice(data)
  },
  pick: ({ ctx, data }, choice) =>
    Promise.resolve(choice === 'keep' ? afterPrice(data) : refuse(ctx.texts.productForm.buttonsRule)),
}

/** The next question shows what the price means; without one, there is a step for it. */
const afterPrice = (data: ProductFormData): ProductNext => (data.then === 'next' ? onward('price', data) : go('priced'))

/** What the seller earns, what the buyer pays, and which coins can carry it. */
export const pricedStep = (settings: CheckoutSettings): Step<ProductFormData> => ({
  back: () => 'price',
  rule: ({ productForm }) => productForm.buttonsRule,
  ask: (ctx, data) =>
    askAbout(ctx, data, async ({ price }) => ({
      text: price === null ? ctx.texts.productForm.lacking : await describePrice(ctx, settings, price),
      keys: [[{ text: ctx.texts.productForm.continue, choice: 'on', style: 'success' }]],
    })),
  pick: ({ data }) => Promise.resolve(onward('price', data)),
})

export async function describePrice(ctx: BotContext, settings: CheckoutSettings, price: Cents): Promise<Html> {
  const sum = breakdown(price, feeRuleOf(ctx.deps.config))
  const coins =
    price === 0n ? { offered: [], hidden: [] } : await findCarryingCoins(checkoutDeps(ctx.deps, settings), sum.total)
  return ctx.texts.productForm.priced(sum, coins)
}
