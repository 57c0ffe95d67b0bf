import { isPictureName, refuseBytes, refuseSize } from '../../../shared/domain/cover-rules.ts'
import { paragraphs } from '../../../shared/telegram/html.ts'
import { receiveCover } from '../../../shared/messaging/receive-cover.ts'
import { type CheckoutSettings } from '../checkout/checkout-deps.ts'
import { type Ask, refuse, type Step } from '../forms/define-form.ts'
import { type BotContext } from '../context.ts'
import { type OwnProduct } from '../../../shared/db/own-products.ts'
import { describePrice } from './price-steps.ts'
import {
  askAbout,
  before,
  findOwn,
  onward,
  type ProductFormData,
  type ProductNext,
  type ProductTurn,
  refuseGone,
} from './product-form-data.ts'

/** The picture may be left out: one is drawn then. What the price means is shown here, as it was the last answer. */
export const coverStep = (settings: CheckoutSettings): Step<ProductFormData> => ({
  back: (data) => before('cover', data),
  rule: ({ productForm }) => productForm.coverRule,
  ask: (ctx, data) => askAbout(ctx, data, (own) => askCover(ctx, settings, data, own)),
  photo: async (turn, photo) => {
    const reason = refuseBytes(photo.sizeBytes) ?? refuseSize(photo)
    if (reason !== undefined) return refuse(turn.ctx.texts.productForm.coverRefused(reason))
    return take(turn, photo)
  },
  document: async (turn, document) => {
    const reason = isPictureName(document.fileName) ? refuseBytes(document.sizeBytes) : 'not a picture'
    if (reason !== undefined) return refuse(turn.ctx.texts.productForm.coverRefused(reason))
    return take(turn, document)
  },
  pick: ({ data }) => Promise.resolve(onward('cover', data)),
})

async function askCover(
  ctx: BotContext,
  settings: CheckoutSettings,
  { then }: ProductFormData,
  { price, hasCover, isCoverWaiting, coverRefusal }: OwnProduct,
): Promise<Ask> {
  const { productForm } = ctx.texts
  return {
    text: paragraphs(
      then === 'next' && price !== null ? await describePrice(ctx, settings, price) : undefined,
      coverRefusal === null ? undefined : productForm.coverRefused(coverRefusal),
      productForm.askCover(hasCover || isCoverWaiting),
    ),
    keys: then === 'leave' ? [] : [[{ text: productForm.skip, choice: 'skip' }]],
  }
}

type Sent = { readonly telegramFileId: string; readonly sizeBytes: bigint }

/** `media` looks at it; the seller goes on meanwhile. */
async function take(turn: ProductTurn, { telegramFileId, sizeBytes }: Sent): Promise<ProductNext> {
  const { ctx, tx, data } = turn
  const own = await findOwn(turn)
  if (own === undefined || ctx.person.status !== 'active') return refuseGone(turn)
  const received = await receiveCover(tx, { seller: ctx.person.id, productId: own.id, telegramFileId, sizeBytes })
  return received.kind === 'not found' ? refuseGone(turn) : onward('cover', data)
}
