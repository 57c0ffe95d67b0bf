import { type OwnProduct } from '../../../shared/db/own-products.ts'
import { type ListedProduct } from '../../../shared/db/products.ts'
import { type CategoryId } from '../../../shared/domain/ids.ts'
import { noCents } from '../../../shared/domain/money.ts'
import { bold, escape, type Html, lines, paragraphs } from '../../../shared/telegram/html.ts'
import { visibleLength } from '../../../shared/telegram/text-length.ts'
import { type BotContext } from '../context.ts'
import { pageText } from '../storefront/product-card.ts'
import { viewerOf } from '../storefront/viewer.ts'

/** What the form puts around it: its name, the progress, a line about the last answer. */
const roomForForm = 340
const longest = 1024 - roomForForm

/** The product as its buyers will see it, and what is still under way. */
export function previewText(ctx: BotContext, own: OwnProduct): Html {
  const { productForm, format } = ctx.texts
  const head = lines(
    bold(escape(productForm.summary)),
    own.nextFile === null ? undefined : escape(productForm.fileWaiting),
    own.isCoverWaiting ? escape(productForm.coverWaiting) : undefined,
    own.price === null || own.price === 0n ? undefined : format.money(own.price),
  )
  const { text } = pageText(asListed(ctx, own), viewerOf(ctx), longest - visibleLength(head))
  return paragraphs(head, text)
}

/** What a buyer would be shown; the file that is being checked stands for the one that is sold. */
function asListed({ person }: BotContext, own: OwnProduct): ListedProduct {
  const file = own.nextFile ?? own.file
  return {
    ...own,
    title: own.title ?? '',
    description: own.description ?? '',
    price: own.price ?? noCents,
    sellerId: person.id,
    categoryId: own.category?.id ?? ('' as CategoryId),
    categoryNames: own.category?.names ?? { fr: '', en: '' },
    categoryIcon: own.category?.icon ?? '',
    fileName: file?.fileName ?? null,
    fileKind: file?.kind ?? null,
    sizeBytes: file?.sizeBytes ?? null,
    version: own.nextFile === null ? (own.file?.number ?? null) : (own.file?.number ?? 0) + 1,
    fileAt: file?.at ?? null,
    hasPreview: false,
    isVisible: false,
    isOwned: false,
  }
}
