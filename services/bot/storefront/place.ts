import { type CategoryId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { type Argument, id, shopCode } from '../button-arguments.ts'

/** The list a product is looked at in; `none` when it was opened by a link or a code. */
export type List =
  | { readonly kind: 'category'; readonly category: CategoryId }
  | { readonly kind: 'shop'; readonly shop: PublicCode }
  | { readonly kind: 'search' }
  | { readonly kind: 'none' }

const category = id<CategoryId>()

function readList(text: string): List | undefined {
  const rest = text.slice(1)
  const categoryId = text.startsWith('c') ? category.read(rest) : undefined
  if (categoryId !== undefined) return { kind: 'category', category: categoryId }
  const shop = text.startsWith('s') ? shopCode.read(rest) : undefined
  if (shop !== undefined) return { kind: 'shop', shop }
  if (text === 'q') return { kind: 'search' }
  return text === 'n' ? { kind: 'none' } : undefined
}

function writeList(list: List): string {
  if (list.kind === 'category') return `c${category.write(list.category)}`
  if (list.kind === 'shop') return `s${shopCode.write(list.shop)}`
  return list.kind === 'search' ? 'q' : 'n'
}

/** A list as the argument of a button. What was searched for is kept by the server, so `q` says it all. */
export const listArgument: Argument<List> = { longest: 1 + category.longest, write: writeList, read: readList }
