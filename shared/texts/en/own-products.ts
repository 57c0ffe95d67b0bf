import { type Cents } from '../../domain/money.ts'
import { bold, code, dotted, type Html, html as phrase, lines, nothing, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type OwnProductFacts } from '../facts.ts'
import { type OwnProductTexts } from '../fr/own-products.ts'
import { type Format } from '../format.ts'
import { reasonIn } from './moderation-reasons.ts'
import { saying, title } from '../people.ts'
import { refusals } from './refusals.ts'

const reasons = refusals()

export const ownProducts = (format: Format): OwnProductTexts => {
  const untitled = 'Draft without a title'
  const named = (product: string | null): Html => bold(title(product ?? untitled))
  const price = (amount: Cents): Html => (amount === 0n ? phrase`Free` : format.money(amount))
  const until = (at: Date | null): Html => (at === null ? nothing : phrase` until ${format.date(at)}`)
  const state = (product: OwnProductFacts): Html => {
    switch (product.state) {
      case 'draft':
        return phrase`📝 Draft`
      case 'processing':
        return phrase`⏳ Being checked`
      case 'active':
        return phrase`🟢 For sale`
      case 'inactive':
        return phrase`⏸ Not for sale`
      case 'withdrawn':
        return phrase`🚫 Withdrawn by our team${until(product.until)}`
    }
  }
  const reason = ({ state: kind, reason: why }: OwnProductFacts): Html | undefined =>
    kind === 'withdrawn'
      ? phrase`Reason: ${saying(why === null ? 'not given' : reasonIn(why))}. You cannot put it back on sale yourself; to appeal, write to /support.`
      : undefined
  const figures = ({ sales, views }: OwnProductFacts): Html =>
    dotted(
      phrase`${format.count(sales)} ${sales === 1n ? phrase`sale` : phrase`sales`}`,
      phrase`${format.count(views)} ${views === 1n ? phrase`view` : phrase`views`}`,
      views === 0n ? undefined : phrase`conversion ${format.decimal((Number(sales) * 100) / Number(views))}%`,
    )
  const stars = ({ ratingSum, reviewsCount }: OwnProductFacts): Html | undefined =>
    reviewsCount === 0n
      ? undefined
      : phrase`★ ${format.decimal(Number(ratingSum) / Number(reviewsCount))} (${format.count(reviewsCount)})`
  const size = ({ file }: OwnProductFacts): Html | undefined =>
    file === null ? undefined : phrase`${format.size(file.sizeBytes)} · version ${file.number}`
  const news = (product: OwnProductFacts): Html =>
    lines(
      product.waitingFile === null ? undefined : phrase`⏳ File being checked: ${saying(product.waitingFile)}`,
      product.isCoverWaiting ? phrase`⏳ Picture being prepared` : undefined,
      product.fileRefusal === null ? undefined : phrase`⚠️ Last file refused: ${reasons.file[product.fileRefusal]}`,
      product.coverRefusal === null
        ? undefined
        : phrase`⚠️ Last picture refused: ${reasons.cover[product.coverRefusal]}`,
      product.file?.isWhole === false
        ? phrase`⚠️ This file is damaged in our storage: send it again to be able to sell.`
        : undefined,
    )

  return {
    untitled,
    card: (product: OwnProductFacts): Html =>
      asCaption(
        paragraphs(
          phrase`🗂 <b>My products</b>`,
          lines(
            named(product.title),
            dotted(product.price === null ? undefined : price(product.price), state(product)),
            reason(product),
          ),
          lines(figures(product), dotted(stars(product), size(product))),
          news(product),
          phrase`Product code: ${code(product.code)}`,
        ),
      ),
    empty: phrase`🗂 <b>My products</b>\n\nYou have no product yet. Make the first one: a title, a price, a file, and it is for sale.`,
    place: (position: number, total: number): string => `${position}/${total}`,
    mine: '🗂 My products',
    create: '➕ New product',
    edit: '✏️ Edit',
    resume: '📝 Go on with the draft',
    see: '🗂 See the product',
    share: '↗️ Share',
    shareShop: '↗️ Share my shop',
    activate: '🟢 Put on sale',
    deactivate: '⏸ Take off sale',
    remove: '🗑 Delete',
    refresh: '🔄 Refresh',
    askSupport: 'Appeal',
    changeWhat: (product: string | null): Html => phrase`✏️ What would you like to change in ${named(product)}?`,
    fields: {
      title: 'Title',
      description: 'Description',
      category: 'Category',
      price: 'Price',
      cover: 'Picture',
      file: 'File',
    },
    askRemoval: (product: string | null): Html =>
      phrase`🗑 Delete ${named(product)}?\n\nNobody ever ordered it: everything goes for good, its file and pictures included. This cannot be undone.`,
    askHiding: (product: string | null, openOrders: number): Html =>
      paragraphs(
        phrase`🗑 Delete ${named(product)}?`,
        phrase`It disappears from the shop, and you will not see it here any more. Your buyers keep their file.`,
        openOrders === 0
          ? undefined
          : openOrders === 1
            ? phrase`One order is open: it may still be paid, and will be honoured.`
            : phrase`${openOrders} orders are open: they may still be paid, and will be honoured.`,
      ),
    removeNow: 'Yes, delete',
    keep: 'No, keep it',
    removed: 'Deleted, with its file and its pictures.',
    hidden: 'Deleted from the shop. Your buyers keep their file.',
    gone: 'This product is not there any more.',
    activated: 'It is for sale again.',
    deactivated: 'This product is not for sale any more. Your buyers keep their file.',
    noFile: 'A verified file is missing: send it first with [Edit].',
    moderated: 'Our team withdrew this product: you cannot put it back on sale yourself.',
    notSeller: 'Open your shop first: /sell',
    mayNotSell: 'You cannot sell anything at the moment.',
  }
}
