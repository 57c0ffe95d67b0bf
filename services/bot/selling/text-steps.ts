import { type EditedProduct, setCategory, setDescription, setTitle } from '../../../shared/db/edit-product.ts'
import { listSellingCategories, type SellingCategory } from '../../../shared/db/own-products.ts'
import { type CategoryId } from '../../../shared/domain/ids.ts'
import {
  type CleanedText,
  descriptionLimits,
  readDescription,
  readTitle,
  titleLimits,
} from '../../../shared/domain/product-text.ts'
import { mediaMissing } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { id } from '../button-arguments.ts'
import { type BotContext } from '../context.ts'
import { refuse, type Step, type StepKey } from '../forms/define-form.ts'
import { type ProductField } from './product-buttons.ts'
import {
  askAbout,
  before,
  keep,
  keepKeys,
  onward,
  type ProductFormData,
  type ProductNext,
  type ProductTurn,
  refuseGone,
} from './product-form-data.ts'

export const titleStep: Step<ProductFormData> = {
  back: (data) => before('title', data),
  ask: (ctx, data) =>
    askAbout(ctx, data, ({ title }) => ({
      text: ctx.texts.productForm.askTitle(titleLimits, title),
      keys: keepKeys(ctx, data, title !== null),
    })),
  text: async (turn, text) => {
    const title = readTitle(text)
    if (title.kind === 'refused') return refuse(turn.ctx.texts.productForm.textFault(title.fault, titleLimits))
    return edited(turn, 'title', await setTitle(turn.tx, turn.ctx.person.id, turn.data.product, title.text))
  },
  pick: keep('title'),
}

export const descriptionStep: Step<ProductFormData> = {
  back: (data) => before('description', data),
  ask: (ctx, data) =>
    askAbout(ctx, data, ({ description }) => ({
      text: ctx.texts.productForm.askDescription(descriptionLimits, description),
      keys: keepKeys(ctx, data, description !== null),
    })),
  text: async (turn, text) => {
    const { ctx, tx, data } = turn
    const clean: CleanedText = readDescription(text)
    if (clean.kind === 'refused') return refuse(ctx.texts.productForm.textFault(clean.fault, descriptionLimits))
    const product = await setDescription(tx, ctx.person.id, data.product, clean.text)
    return product === undefined ? refuseGone(turn) : onward('description', data)
  },
  pick: keep('description'),
}

const categoryId = id<CategoryId>()

export const categoryStep: Step<ProductFormData> = {
  back: (data) => before('category', data),
  rule: ({ productForm }) => productForm.categoryRule,
  ask: (ctx, data) =>
    askAbout(ctx, data, async ({ category }) => ({
      text: ctx.texts.productForm.askCategory(category === null ? null : nameOf(category, ctx)),
      keys: [...(await categoryKeys(ctx)), ...keepKeys(ctx, data, category?.isHidden === false)],
    })),
  pick: async (turn, choice) => {
    const { ctx, tx, data } = turn
    if (choice === 'keep') return onward('category', data)
    const category = categoryId.read(choice)
    if (category === undefined) return refuse(ctx.texts.productForm.categoryRule)
    const product = await setCategory(tx, ctx.person.id, data.product, category)
    return product === undefined ? refuse(ctx.texts.productForm.noCategory) : edited(turn, 'category', product)
  },
}

const nameOf = ({ icon, names }: Pick<SellingCategory, 'icon' | 'names'>, { person }: BotContext): string =>
  `${icon} ${names[person.language]}`

async function categoryKeys(ctx: BotContext): Promise<StepKey[][]> {
  const keys = (await listSellingCategories(ctx.deps.db)).map((category) => ({
    text: nameOf(category, ctx),
    choice: categoryId.write(category.id),
  }))
  return keys.flatMap((key, index) => (index % 2 === 0 ? [[key, ...keys.slice(index + 1, index + 2)]] : []))
}

/** A picture drawn from the title and the colour of the category is drawn again. */
async function edited(
  turn: ProductTurn,
  field: ProductField,
  product: EditedProduct | undefined,
): Promise<ProductNext> {
  if (product === undefined) return refuseGone(turn)
  if (product.isDrawn) await enqueue(turn.tx, mediaMissing, product.id, { productId: product.id })
  return onward(field, turn.data)
}
