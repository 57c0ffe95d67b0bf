export const productStatuses = ['draft', 'processing', 'active', 'inactive', 'deleted', 'purged'] as const

export type ProductStatus = (typeof productStatuses)[number]

const next: Record<ProductStatus, readonly ProductStatus[]> = {
  draft: ['processing', 'active'],
  processing: ['active', 'draft'],
  active: ['inactive', 'deleted'],
  inactive: ['active', 'deleted'],
  deleted: ['inactive', 'purged'],
  purged: [],
}

/**
 * The table of product.md 8.3: which state may follow which. A draft whose file and picture are ready already passes through
 * `processing` within one transaction. A product nobody ever ordered is not `deleted`: its rows are removed.
 */
export const canBecome = (from: ProductStatus, to: ProductStatus): boolean => next[from].includes(to)

/** The guard of an update: the states that may become `to`. */
export const statusesBefore = (to: ProductStatus): ProductStatus[] =>
  productStatuses.filter((from) => canBecome(from, to))

/** Its seller still sees and changes it. */
export const keptStatuses: readonly ProductStatus[] = ['draft', 'processing', 'active', 'inactive']

export type Badge = 'best-seller' | 'new' | 'top rated' | 'popular'

export type Figures = {
  readonly sales: bigint
  readonly views: bigint
  readonly ratingSum: bigint
  readonly reviewsCount: bigint
  readonly publishedAt: Date | null
}

const week = 7 * 24 * 60 * 60 * 1000

/** The badges of a product at a given moment, the strongest first. */
export function badgesOf({ sales, views, ratingSum, reviewsCount, publishedAt }: Figures, now: Date): Badge[] {
  const isTopRated = reviewsCount >= 10n && ratingSum * 10n >= reviewsCount * 45n
  const isNew = publishedAt !== null && now.getTime() - publishedAt.getTime() < week
  const badges: [Badge, boolean][] = [
    ['best-seller', sales >= 50n],
    ['top rated', isTopRated],
    ['popular', views >= 100n],
    ['new', isNew],
  ]
  return badges.filter(([, earned]) => earned).map(([badge]) => badge)
}
