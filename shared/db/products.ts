import { type Cents } from '../domain/money.ts'
import { type CategoryId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** A product as one person sees it. */
export type ListedProduct = {
  readonly id: ProductId
  readonly code: PublicCode
  readonly title: string
  readonly description: string
  readonly price: Cents
  readonly sellerId: PersonId
  readonly sellerCode: PublicCode
  readonly sellerName: string
  readonly categoryId: CategoryId
  readonly categoryNames: { readonly fr: string; readonly en: string }
  readonly categoryIcon: string
  readonly hasExecutables: boolean
  readonly views: bigint
  readonly sales: bigint
  readonly ratingSum: bigint
  readonly reviewsCount: bigint
  readonly publishedAt: Date | null
  /** The version that is sold now; nothing while the product never had a verified file. */
  readonly fileName: string | null
  readonly fileKind: string | null
  readonly sizeBytes: bigint | null
  readonly version: number | null
  readonly fileAt: Date | null
  /** Something of the file may be seen before it is bought. */
  readonly hasPreview: boolean
  /** May be found and bought right now. */
  readonly isVisible: boolean
  /** The person holds the right to it. */
  readonly isOwned: boolean
}

/** What every question about a product as one person sees it selects; `$1` is the person. */
export const listed = `
         p.id, p.code, p.title, p.description, p.price_cents as "price", p.seller_id as "sellerId", s.code as "sellerCode",
         s.display_name as "sellerName", c.id as "categoryId",
         json_build_object('fr', c.name_fr, 'en', c.name_en) as "categoryNames", c.icon as "categoryIcon",
         p.has_executables as "hasExecutables", p.views, p.sales, p.rating_sum as "ratingSum",
         p.reviews_count as "reviewsCount", p.published_at as "publishedAt", f.file_name as "fileName",
         f.kind as "fileKind", f.size_bytes as "sizeBytes", f.number as "version", f.created_at as "fileAt",
         f.preview is not null as "hasPreview",
         exists (select from visible_products v where v.id = p.id) as "isVisible",
         exists (select from entitlements e
                  where e.buyer_id = $1 and e.product_id = p.id and e.ended_at is null) as "isOwned"`

/** What `listed` needs beside `products p`. */
export const joined = `
    join sellers s on s.user_id = p.seller_id
    join categories c on c.id = p.category_id
    left join product_files f on f.id = p.current_file_id`

/** The product of this code once it was published, whatever its state now; `isVisible`: it may be shown and sold. */
export async function findProduct(
  db: Queryable,
  person: PersonId,
  code: PublicCode,
): Promise<ListedProduct | undefined> {
  const { rows } = await db.query<ListedProduct>(
    `select ${listed}
       from products p ${joined}
      where p.code = $2
        and p.published_at is not null`,
    [person, code],
  )
  return rows[0]
}
