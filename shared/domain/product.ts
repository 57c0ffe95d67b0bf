export type ProductStatus = 'draft' | 'processing' | 'active' | 'inactive' | 'deleted' | 'purged'

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
