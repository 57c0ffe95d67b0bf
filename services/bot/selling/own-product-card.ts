import { type OwnProduct } from '../../../shared/db/own-products.ts'
import { type OwnProductFacts } from '../../../shared/texts/facts.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button, type Key, linkButton, styled } from '../keyboard.ts'
import { shareProductLink, shareShopLink } from '../share-link.ts'
import { productFields } from './product-buttons.ts'

/** One of a seller's products, in whatever state. */
export function ownProductCard(own: OwnProduct, texts: Texts, botUsername: string): Card {
  const { ownProducts, common } = texts
  return {
    at: buttonData('myProduct', { product: own.code }),
    picture: { product: own.id },
    text: ownProducts.card(factsOf(own)),
    keyboard: [
      [changeKey(own, texts), ...shareKeys(own, texts, botUsername)],
      [...stateKeys(own, texts), styled(button(ownProducts.remove, 'deleteProduct', { product: own.code }), 'danger')],
      stepKeys(own, texts),
      [button(ownProducts.create, 'newProduct'), shopKey(own, texts, botUsername)],
      [button(texts.desk.toDesk, 'sell'), button(common.home, 'home')],
    ],
  }
}

export const factsOf = (own: OwnProduct): OwnProductFacts => ({
  ...own,
  state: own.moderation === 'ok' ? stateOf(own) : 'withdrawn',
  reason: own.moderationReason,
  until: own.moderationUntil,
  waitingFile: own.nextFile?.fileName ?? null,
})

function stateOf({ status, code }: OwnProduct): Exclude<OwnProductFacts['state'], 'withdrawn'> {
  if (status === 'deleted' || status === 'purged') throw new Error(`Expected the product ${code} not to be deleted`)
  return status
}

function changeKey({ status, code: product }: OwnProduct, { ownProducts }: Texts): Key {
  return status === 'draft'
    ? styled(button(ownProducts.resume, 'continueDraft', { product }), 'primary')
    : button(ownProducts.edit, 'editProduct', { product })
}

/** A product nobody could open yet is not shared. */
function shareKeys({ publishedAt, code, title }: OwnProduct, { ownProducts }: Texts, botUsername: string): Key[] {
  return publishedAt === null ? [] : [linkButton(ownProducts.share, shareProductLink(botUsername, code, title ?? ''))]
}

function stateKeys({ status, moderation, code: product }: OwnProduct, { ownProducts }: Texts): Key[] {
  if (status === 'processing') return [button(ownProducts.refresh, 'myProduct', { product })]
  if (moderation !== 'ok') return [button(ownProducts.askSupport, 'page', { page: 'support' })]
  if (status === 'active') return [button(ownProducts.deactivate, 'deactivate', { product })]
  return status === 'inactive' ? [styled(button(ownProducts.activate, 'activate', { product }), 'success')] : []
}

const shopKey = ({ sellerCode, sellerName }: OwnProduct, { ownProducts }: Texts, botUsername: string): Key =>
  linkButton(ownProducts.shareShop, shareShopLink(botUsername, sellerCode, sellerName))

/** `◀ 2/7 ▶` without arrows that lead nowhere. */
function stepKeys({ position, count }: OwnProduct, { ownProducts }: Texts): Key[] {
  if (count < 2) return []
  const back = position === 1 ? [] : [button('◀', 'myProductsAt', { position: position - 1 })]
  const forth = position === count ? [] : [button('▶', 'myProductsAt', { position: position + 1 })]
  return [...back, button(ownProducts.place(position, count), 'nothing'), ...forth]
}

export const noProductsCard = ({ ownProducts, desk, common }: Texts): Card => ({
  at: buttonData('myProducts'),
  picture: 'neutral',
  text: ownProducts.empty,
  keyboard: [
    [styled(button(ownProducts.create, 'newProduct'), 'success')],
    [button(desk.toDesk, 'sell'), button(common.home, 'home')],
  ],
})

/** Which part of it to change. */
export function editCard({ id, code: product, title }: OwnProduct, { ownProducts, common }: Texts): Card {
  const keys = productFields.map((field) => button(ownProducts.fields[field], 'editField', { product, field }))
  return {
    at: buttonData('editProduct', { product }),
    picture: { product: id },
    text: ownProducts.changeWhat(title),
    keyboard: [
      keys.slice(0, 2),
      keys.slice(2, 4),
      keys.slice(4, 6),
      [button(common.back, 'myProduct', { product }), button(common.home, 'home')],
    ],
  }
}

/** Says what will happen before it does. */
export function deleteCard({ id, code: product, title, isOrdered, openOrders }: OwnProduct, texts: Texts): Card {
  const { ownProducts, common } = texts
  return {
    at: buttonData('deleteProduct', { product }),
    picture: { product: id },
    text: isOrdered ? ownProducts.askHiding(title, openOrders) : ownProducts.askRemoval(title),
    keyboard: [
      [styled(button(ownProducts.removeNow, 'deleteNow', { product }), 'danger')],
      [button(ownProducts.keep, 'myProduct', { product }), button(common.home, 'home')],
    ],
  }
}
