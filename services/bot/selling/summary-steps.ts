import { startPublishing } from '../../../shared/db/edit-product.ts'
import { type OwnProduct } from '../../../shared/db/own-products.ts'
import { putOnSale } from '../../../shared/messaging/put-on-sale.ts'
import { paragraphs } from '../../../shared/telegram/html.ts'
import { type BotContext } from '../context.ts'
import { type Ask, end, go, refuse, type Step, type StepKey } from '../forms/define-form.ts'
import { previewText } from './preview-text.ts'
import { type ProductField, productFields } from './product-buttons.ts'
import {
  askAbout,
  findOwn,
  ownCard,
  type ProductFormData,
  type ProductNext,
  type ProductTurn,
  refuseGone,
} from './product-form-data.ts'

/** The first question that a draft has no answer to. A file that was sent counts; a picture is never lacking. */
export function firstLack({
  title,
  description,
  category,
  price,
  file,
  nextFile,
}: OwnProduct): ProductField | undefined {
  const given: Record<Exclude<ProductField, 'cover'>, boolean> = {
    title: title !== null,
    description: description !== null,
    category: category?.isHidden === false,
    price: price !== null,
    file: nextFile !== null || file?.isWhole === true,
  }
  return productFields.find((field) => field !== 'cover' && !given[field])
}

/** The product as its buyers will see it. What `media` finds out meanwhile shows at [Refresh]. */
export const summaryStep: Step<ProductFormData> = {
  back: () => 'choose',
  rule: ({ productForm }) => productForm.buttonsRule,
  ask: (ctx, data) => askAbout(ctx, data, (own) => askSummary(ctx, own)),
  pick: async (turn, choice) => {
    const { data } = turn
    switch (choice) {
      case 'publish':
        return publish(turn)
      case 'edit':
        return go('choose')
      case 'keep':
        return end(ownCard(data))
      default:
        return refresh(turn)
    }
  },
}

function askSummary(ctx: BotContext, own: OwnProduct): Ask {
  const { productForm } = ctx.texts
  const lack = firstLack(own)
  const isWaiting = own.nextFile !== null || own.isCoverWaiting
  const publishKey: StepKey = { text: productForm.publish, choice: 'publish', style: 'success' }
  return {
    text: paragraphs(
      own.coverRefusal === null ? undefined : productForm.coverRefused(own.coverRefusal),
      lack === undefined ? undefined : productForm.lacking,
      previewText(ctx, own),
    ),
    keys: [
      lack === undefined ? [publishKey] : [],
      [
        { text: productForm.editStep, choice: 'edit' },
        { text: productForm.keepDraft, choice: 'keep' },
      ],
      isWaiting || lack !== undefined ? [{ text: productForm.refresh, choice: 'refresh' }] : [],
    ],
  }
}

/** A file that was refused meanwhile leads back to its question, which says why. */
async function refresh(turn: ProductTurn): Promise<ProductNext> {
  const own = await findOwn(turn)
  if (own === undefined) return refuseGone(turn)
  const lack = firstLack(own)
  return lack === undefined ? go('summary') : go(lack, { then: 'summary' })
}

/** On its way to the shop, or in it at once when nothing is left to be checked. */
async function publish(turn: ProductTurn): Promise<ProductNext> {
  const { ctx, tx, data } = turn
  const publishing = await startPublishing(tx, ctx.person.id, data.product)
  ctx.deps.log.info({ userId: ctx.person.id, productCode: data.product, outcome: publishing.kind }, 'publish')
  switch (publishing.kind) {
    case 'publishing':
      await putOnSale(tx, publishing.productId)
      return end(ownCard(data))
    case 'incomplete':
      return go(publishing.lacks, { then: 'summary' })
    case 'moderated':
      return refuse(ctx.texts.productForm.moderated)
    case 'not found':
      return refuseGone(turn)
  }
}

export const chooseStep: Step<ProductFormData> = {
  back: () => 'summary',
  rule: ({ productForm }) => productForm.buttonsRule,
  ask: ({ texts }) => ({ text: texts.productForm.chooseStep, keys: fieldKeys(texts.ownProducts.fields) }),
  pick: ({ ctx }, choice) => {
    const field = productFields.find((one) => one === choice)
    return Promise.resolve(
      field === undefined ? refuse(ctx.texts.productForm.buttonsRule) : go<ProductFormData>(field, { then: 'summary' }),
    )
  },
}

function fieldKeys(names: Readonly<Record<ProductField, string>>): StepKey[][] {
  const keys = productFields.map((field) => ({ text: names[field], choice: field }))
  return [keys.slice(0, 2), keys.slice(2, 4), keys.slice(4, 6)]
}
