import { randomBytes } from 'node:crypto'
import { ensureEmptyDraft } from '../../../shared/db/edit-product.ts'
import { type OwnProduct } from '../../../shared/db/own-products.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { codeFrom, productCodeLength, type PublicCode } from '../../../shared/domain/public-code.ts'
import { type CheckoutSettings } from '../checkout/checkout-deps.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { startForm } from '../forms/start-form.ts'
import { maySell, withOwn } from './my-products.ts'
import { type ProductField } from './product-buttons.ts'
import { editProductForm, productForm } from './product-form.ts'
import { firstLack } from './summary-steps.ts'

type OfProduct = { readonly product: PublicCode }

/** The ways into the product form: a new product, a draft, one part of a product. */
export const editProducts =
  (settings: CheckoutSettings): Feature =>
  (features) => {
    const creating = productForm(settings)
    const editing = editProductForm(settings)

    async function begin(ctx: BotContext): Promise<void> {
      if (!(await maySell(ctx))) return
      const code = codeFrom(randomBytes(productCodeLength))
      const product = await inTransaction(ctx.deps.db, (tx) => ensureEmptyDraft(tx, ctx.person.id, code))
      if (product !== undefined) return startForm(ctx, creating, { step: 'title', data: dataOf(product, 'next') })
      await ctx.toast(ctx.texts.ownProducts.notSeller)
      await ctx.go('home')
    }

    async function resume(ctx: BotContext, { product }: OfProduct): Promise<void> {
      if (!(await maySell(ctx))) return
      await withOwn(ctx, product, async (own) => {
        if (own.status !== 'draft') return ctx.go('myProduct', { product })
        await startForm(ctx, creating, { step: firstLack(own) ?? 'summary', data: dataOf(product, 'next') })
      })
    }

    async function change(ctx: BotContext, { product, field }: OfProduct & { field: ProductField }): Promise<void> {
      if (!(await maySell(ctx))) return
      await withOwn(ctx, product, (own) =>
        startForm(ctx, editing, { step: firstQuestion(own, field), data: dataOf(product, 'leave') }),
      )
    }

    features.press('newProduct', begin)
    features.press('continueDraft', resume)
    features.press('editField', change)
  }

const dataOf = (product: PublicCode, then: 'next' | 'leave') => ({ product, then, changelog: '', since: 0 })

/** What replaces a file that is sold already comes with a line for its buyers. */
const firstQuestion = ({ publishedAt }: OwnProduct, field: ProductField): string =>
  field === 'file' && publishedAt !== null ? 'changelog' : field
