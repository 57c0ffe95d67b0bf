import { largestDocumentBytes } from '../../../shared/domain/delivery.ts'
import { type OwnedProduct } from '../../../shared/db/library.ts'
import { type LibraryFacts } from '../../../shared/texts/facts.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button, type Key, styled } from '../keyboard.ts'

/** One owned product. Nothing here depends on whether it is still for sale. */
export function ownedCard(owned: OwnedProduct, texts: Texts): Card {
  const { library, common } = texts
  const hasTwoVersions = owned.bought.fileId !== owned.latest.fileId
  return {
    at: buttonData('owned', { product: owned.productCode }),
    picture: { product: owned.productId },
    text: library.entry(factsOf(owned)),
    keyboard: [
      [sendKey(owned, texts)],
      hasTwoVersions ? [button(library.versions, 'versions', { product: owned.productCode })] : [],
      stepKeys(owned, texts),
      [
        button(library.sellersShop, 'list', { list: { kind: 'shop', shop: owned.sellerCode } }),
        button(library.problem, 'page', { page: 'paysupport' }),
      ],
      [button(common.home, 'home')],
    ],
  }
}

const factsOf = (owned: OwnedProduct): LibraryFacts => ({
  ...owned,
  boughtVersion: owned.bought.number,
  latestVersion: owned.latest.number,
  sizeBytes: owned.latest.sizeBytes,
})

function sendKey({ productCode: product, latest }: OwnedProduct, { library }: Texts): Key {
  const text = latest.sizeBytes > largestDocumentBytes ? library.getLink : library.send
  return styled(button(text, 'sendFile', { product, version: 'latest' }), 'success')
}

/** `◀ 2/7 ▶` without arrows that lead nowhere. */
function stepKeys({ position, count }: OwnedProduct, { library }: Texts): Key[] {
  if (count < 2) return []
  const back = position === 1 ? [] : [button('◀', 'libraryAt', { position: position - 1 })]
  const forth = position === count ? [] : [button('▶', 'libraryAt', { position: position + 1 })]
  return [...back, button(library.place(position, count), 'nothing'), ...forth]
}

/** The newest version, or the one that was bought. */
export function versionsCard({ productCode: product, productId, ...owned }: OwnedProduct, texts: Texts): Card {
  const { library, common } = texts
  const latest = library.latestVersion(owned.latest.number)
  const bought = library.boughtVersion(owned.bought.number)
  return {
    at: buttonData('versions', { product }),
    picture: { product: productId },
    text: library.chooseVersion(owned.title),
    keyboard: [
      [button(latest, 'sendFile', { product, version: 'latest' })],
      [button(bought, 'sendFile', { product, version: 'bought' })],
      [button(common.back, 'owned', { product }), button(common.home, 'home')],
    ],
  }
}

export const emptyCard = ({ library, home, common }: Texts): Card => ({
  at: buttonData('library'),
  picture: 'neutral',
  text: library.empty,
  keyboard: [[button(home.browse, 'categories')], [button(common.home, 'home')]],
})
