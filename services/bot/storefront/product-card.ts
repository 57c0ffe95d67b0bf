import { badgesOf } from '../../../shared/domain/product.ts'
import { type Category } from '../../../shared/db/categories.ts'
import { type Step } from '../../../shared/db/product-lists.ts'
import { type ListedProduct } from '../../../shared/db/products.ts'
import { type Person } from '../../../shared/db/users.ts'
import { asCaption, longestCaption, visibleLength, withElastic } from '../../../shared/telegram/text-length.ts'
import { bold, code, dotted, escape, type Html, html, lines, paragraphs } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { type ArgumentsOf, buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button, type Key, linkButton, styled } from '../keyboard.ts'
import { shareProductLink } from '../share-link.ts'
import { type List } from './place.ts'

/** Who looks, in which language, and when: badges are about today. */
export type Viewer = {
  readonly person: Person
  readonly texts: Texts
  readonly botUsername: string
  readonly now: Date
}

type Place = ArgumentsOf<'product'>

/** A list around the product it is opened at. */
export type Carousel = {
  readonly list: List
  readonly step: Step
  /** What the list is: a shop's name and bio, a search. Categories need none. */
  readonly heading: Html | undefined
  /** The categories before and after this one, among those that have something for sale. */
  readonly around: { readonly before: Category; readonly after: Category } | undefined
}

/** One step of a carousel. */
export function carouselCard({ list, step, heading, around }: Carousel, viewer: Viewer): Card {
  const { texts } = viewer
  const { product } = step
  const place: Place = { product: product.code, list, position: step.position }
  return {
    at: buttonData('browse', place),
    picture: { product: product.id },
    text: asCaption(paragraphs(heading, summary(product, viewer))),
    keyboard: [
      [buyKey(product, place, viewer)],
      stepKeys(list, step, texts),
      [button(texts.storefront.details, 'product', place)],
      around === undefined ? [] : categoryKeys(around, viewer.person),
      [backFrom(list, texts), button(texts.common.home, 'home')],
    ],
  }
}

/** Everything there is to know of a product. */
export function productPageCard(
  product: ListedProduct,
  { list, position }: Omit<Place, 'product'>,
  viewer: Viewer,
): Card {
  const { texts } = viewer
  const place: Place = { product: product.code, list, position }
  const { text, isCut } = pageText(product, viewer, longestCaption)
  const shareUrl = shareProductLink(viewer.botUsername, product.code, product.title)
  const back =
    list.kind === 'none' ? button(texts.common.back, 'categories') : button(texts.common.back, 'browse', place)
  return {
    at: buttonData('product', place),
    picture: { product: product.id },
    text,
    keyboard: [
      [buyKey(product, place, viewer)],
      isCut ? [button(texts.storefront.readAll, 'description', place)] : [],
      product.hasPreview ? [button(texts.storefront.preview, 'preview', place)] : [],
      [
        button(texts.storefront.sellersShop, 'list', { list: { kind: 'shop', shop: product.sellerCode } }),
        linkButton(texts.storefront.share, shareUrl),
      ],
      [back, button(texts.common.home, 'home')],
    ],
  }
}

/** What the page of a product says, in so many characters; the description gives way to the rest. */
export function pageText(
  product: ListedProduct,
  viewer: Viewer,
  most: number,
): { readonly text: Html; readonly isCut: boolean } {
  const facts = fileFacts(product, viewer.texts)
  const build = (description: Html) => paragraphs(summary(product, viewer), description, facts)
  const isCut = visibleLength(build(escape(product.description))) > most
  return { text: withElastic(most, product.description, build), isCut }
}

/** The whole description: it alone fits under a picture. */
export function descriptionCard(product: ListedProduct, place: Place, { texts }: Viewer): Card {
  return {
    at: buttonData('description', place),
    picture: { product: product.id },
    text: asCaption(escape(product.description)),
    keyboard: [[button(texts.common.back, 'product', place), button(texts.common.home, 'home')]],
  }
}

function summary(product: ListedProduct, { person, texts, now }: Viewer): Html {
  const { storefront, format } = texts
  const badges = badgesOf(product, now).map((badge) => escape(storefront.badges[badge]))
  const stars =
    product.reviewsCount === 0n ? undefined : escape(storefront.stars(product.ratingSum, product.reviewsCount))
  const sales = product.sales === 0n ? undefined : escape(storefront.sales(product.sales))
  const category = escape(`${product.categoryIcon} ${product.categoryNames[person.language]}`)
  const size = product.sizeBytes === null ? undefined : format.size(product.sizeBytes)
  return lines(
    dotted(...badges),
    bold(escape(product.title)),
    escape(storefront.by(product.sellerName)),
    dotted(stars, sales),
    dotted(category, size),
  )
}

function fileFacts(product: ListedProduct, { storefront, format }: Texts): Html {
  const { fileName, fileKind, sizeBytes, version, fileAt } = product
  const file = fileName === null ? undefined : html`📎 ${escape(fileName)}`
  const facts = dotted(
    fileKind === null ? undefined : escape(storefront.fileKinds(fileKind)),
    sizeBytes === null ? undefined : format.size(sizeBytes),
    version === null ? undefined : escape(storefront.version(version)),
    fileAt === null ? undefined : format.date(fileAt),
  )
  const warning = product.hasExecutables ? html`⚠️ ${escape(storefront.executables)}` : undefined
  return lines(file, facts, html`${escape(storefront.productCode)} ${code(product.code)}`, warning)
}

function buyKey(product: ListedProduct, place: Place, { person, texts }: Viewer): Key {
  const { storefront, format } = texts
  if (product.isOwned) return button(storefront.owned, 'owned', { product: product.code })
  if (product.sellerId === person.id) return button(texts.ownProducts.edit, 'myProduct', { product: product.code })
  if (product.price === 0n) return styled(button(storefront.free, 'buy', place), 'success')
  return styled(button(storefront.buy(format.money(product.price)), 'buy', place), 'success')
}

/** `◀ 2/7 ▶` without arrows that lead nowhere. */
function stepKeys(list: List, { previous, next, position, total }: Step, texts: Texts): Key[] {
  if (total < 2) return []
  const middle = button(texts.storefront.place(position, total), 'nothing')
  const back = previous === null ? [] : [button('◀', 'browse', { list, product: previous, position: position - 1 })]
  const forth = next === null ? [] : [button('▶', 'browse', { list, product: next, position: position + 1 })]
  return [...back, middle, ...forth]
}

function categoryKeys({ before, after }: NonNullable<Carousel['around']>, { language }: Person): Key[] {
  const open = ({ id }: Category) => ({ list: { kind: 'category', category: id } }) as const
  const forth = button(`${after.icon} ${after.names[language]} ›`, 'list', open(after))
  if (before.id === after.id) return [forth]
  return [button(`‹ ${before.icon} ${before.names[language]}`, 'list', open(before)), forth]
}

const backFrom = (list: List, { common }: Texts): Key =>
  list.kind === 'search' ? button(common.back, 'search') : button(common.back, 'categories')
