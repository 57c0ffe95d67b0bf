import { type Badge } from '../../domain/product.ts'
import { bold, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { type StorefrontTexts } from '../fr/storefront.ts'
import { countedNumber, type Format } from '../format.ts'
import { name, title } from '../people.ts'

const badges: Readonly<Record<Badge, string>> = {
  'best-seller': '🔥 Best-seller',
  'top rated': '🏅 Top rated',
  popular: '👀 Popular',
  new: '✨ New',
}

const fileKinds: Readonly<Record<string, string>> = {
  document: 'document',
  video: 'video',
  audio: 'audio',
  image: 'image',
  archive: 'archive',
  design: 'design file',
  code: 'source code',
  font: 'font',
}

export const storefront = (format: Format): StorefrontTexts => ({
  browse: '🛍 Browse',
  search: '🔎 Search',
  categories: phrase`🛍 <b>Categories</b>\n\nWhat are you in the mood for? Pick a category, or just type what you are looking for.`,
  nothingForSale: phrase`Nothing is for sale yet. Come back soon, or be the first to sell: /sell.`,
  becomeSeller: '💼 Become a seller',
  badges,
  by: (seller: string): string => `by ${seller}`,
  stars: (sum: bigint, count: bigint): string =>
    `★ ${format.decimal(Number(sum) / Math.max(1, Number(count)))} (${format.count(count)})`,
  sales: (count: bigint): string => `${format.count(count)} ${count === 1n ? 'sale' : 'sales'}`,
  buy: (price: string): string => `Buy · ${price}`,
  free: 'Free · get it',
  owned: 'Owned · download',
  place: (position: number, total: number): string => `${countedNumber(position)}/${countedNumber(total)}`,
  details: 'Details',
  readAll: 'Read the whole description',
  sellersShop: '🏪 Seller’s shop',
  share: '↗️ Share',
  preview: 'Preview',
  previewOf: (product: string): Html => phrase`👀 Preview of ${bold(title(product))}`,
  contentsOf: (
    product: string,
    entries: readonly { readonly name: string; readonly sizeBytes: number }[],
    more: number,
  ): Html =>
    lines(
      phrase`🗂 Contents of ${bold(title(product))}`,
      ...entries.map(({ name, sizeBytes }) => phrase`• ${title(name)} · ${format.size(sizeBytes)}`),
      more === 0 ? undefined : phrase`… and ${format.count(more)} more`,
    ),
  previewAway: 'File storage is busy: try the preview again in a moment.',
  reviews: (count: bigint): string => `Reviews (${format.count(count)})`,
  report: 'Report',
  fileKinds: (kind: string): string => fileKinds[kind] ?? 'file',
  version: (number: number): string => `version ${number}`,
  productCode: 'Product code:',
  executables: 'This file contains programs: only open them if you trust the seller.',
  noLongerForSale: 'This product is no longer for sale.',
  notForSale: phrase`This product is no longer for sale. Here is what we can offer you instead.`,
  unknownShop: phrase`I can’t find this shop. Please check its name or code: <code>/shop @name</code> or <code>/shop CODE</code>.`,
  pausedShop: (shop: string): Html =>
    phrase`${bold(name(shop))} is taking a break and will be back soon. Meanwhile, have a look around the categories.`,
  emptyShop: (shop: string): Html =>
    phrase`${bold(name(shop))} has nothing for sale at the moment. The other categories are waiting for you.`,
  searchPrompt: phrase`🔎 <b>Search</b>\n\nType a few words, or the code of a product. Accents and capitals don’t matter.`,
  queryFault: (
    fault: { readonly kind: 'too short' | 'too long'; readonly length: number },
    { least, most }: { readonly least: number; readonly most: number },
  ): Html =>
    fault.kind === 'too short'
      ? phrase`That’s a little short for a search: please type at least ${least} characters.`
      : phrase`That’s too long for a search (${fault.length} characters, at most ${most}). Two or three words are enough.`,
  results: (query: string, total: number): Html =>
    phrase`🔎 “${title(query)}” · ${format.count(total)} ${total === 1 ? phrase`result` : phrase`results`}`,
  nothingFound: (query: string): Html =>
    paragraphs(
      phrase`🔎 Nothing found for “${title(query)}”.`,
      phrase`Try a single word, or another spelling. The categories hold nice surprises, too.`,
    ),
})
