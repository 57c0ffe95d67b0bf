import { z } from 'zod'
import { findOwnProduct, type OwnProduct } from '../../../shared/db/own-products.ts'
import { productCodeLength, type PublicCode, readCode } from '../../../shared/domain/public-code.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Ask, end, go, type Next, refuse, type StepKey, type Turn } from '../forms/define-form.ts'
import { type ProductField, productFields } from './product-buttons.ts'

/** Where an answer leads: to the next question, back to the summary, or out of the form. */
const afterwards = ['next', 'summary', 'leave'] as const

export const productFormData = z.object({
  product: z.custom<PublicCode>((value) => typeof value === 'string' && readCode(value, productCodeLength) === value),
  then: z.enum(afterwards),
  /** What buyers read of a version that replaces another. */
  changelog: z.string(),
  /** The version that was sold when the upload page was opened. */
  since: z.number(),
})

/** Everything a product is made of is in its row; the form only knows which product, and where to go next. */
export type ProductFormData = z.infer<typeof productFormData>

export type ProductTurn = Turn<ProductFormData>
export type ProductNext = Next<ProductFormData>

export const isSameProduct = (open: ProductFormData, asked: ProductFormData): boolean => open.product === asked.product

export const ownCard = ({ product }: ProductFormData): string => buttonData('myProduct', { product })

/** Asks about the product as it is now; one that is gone is said to be gone. */
export async function askAbout(
  ctx: BotContext,
  { product }: ProductFormData,
  build: (own: OwnProduct) => Ask | Promise<Ask>,
): Promise<Ask> {
  const own = await findOwnProduct(ctx.deps.db, ctx.person.id, product)
  return own === undefined
    ? { text: ctx.texts.productForm.gone }
    : { picture: { product: own.id }, ...(await build(own)) }
}

export const findOwn = ({ ctx, tx, data }: ProductTurn): Promise<OwnProduct | undefined> =>
  findOwnProduct(tx, ctx.person.id, data.product)

/** Deleted meanwhile, or its seller may not sell any more. */
export const refuseGone = ({ ctx }: ProductTurn): ProductNext => refuse(ctx.texts.productForm.gone)

/** What comes after the answer to a question. */
export function onward(field: ProductField, data: ProductFormData): ProductNext {
  if (data.then === 'leave') return end(ownCard(data))
  const following = productFields[productFields.indexOf(field) + 1]
  return data.then === 'summary' || following === undefined ? go('summary', { then: 'next' }) : go(following)
}

/** The question before; back to the summary when it led here, and out of the form before the first. */
export function before(field: ProductField, { then }: ProductFormData): string | undefined {
  if (then === 'summary') return 'summary'
  return then === 'leave' ? undefined : productFields[productFields.indexOf(field) - 1]
}

/** A button that leaves what is there as it is, on the way through the form. */
export const keepKeys = ({ texts }: BotContext, { then }: ProductFormData, isThere: boolean): StepKey[][] =>
  isThere && then !== 'leave' ? [[{ text: texts.productForm.keepIt, choice: 'keep' }]] : []

export const keep =
  (field: ProductField) =>
  ({ ctx, data }: ProductTurn, choice: string): Promise<ProductNext> =>
    Promise.resolve(choice === 'keep' ? onward(field, data) : refuse(ctx.texts.productForm.buttonsRule))
