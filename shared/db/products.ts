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

const listed = `
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

const joined = `
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

/** Where a list is to be opened: at this product, or where it used to stand when it is gone. Positions count from 1. */
export type Wanted = { readonly code: PublicCode | null; readonly position: number }

/** One step of a carousel. `previous` and `next` are missing at the ends. */
export type Step = {
  readonly product: ListedProduct
  readonly position: number
  readonly total: number
  readonly previous: PublicCode | null
  readonly next: PublicCode | null
}

export const start: Wanted = { code: null, position: 1 }

const newestFirst = `row_number() over (order by p.published_at desc nulls last, p.id desc)::integer as "position"`

export const findStepInCategory = (
  db: Queryable,
  person: PersonId,
  category: CategoryId,
  wanted: Wanted,
): Promise<Step | undefined> =>
  findStep(db, `select p.id, p.code, ${newestFirst} from visible_products p where p.category_id = $4`, person, wanted, [
    category,
  ])

export const findStepInShop = (
  db: Queryable,
  person: PersonId,
  shop: PublicCode,
  wanted: Wanted,
): Promise<Step | undefined> =>
  findStep(
    db,
    `select p.id, p.code, ${newestFirst}
       from visible_products p
       join sellers s on s.user_id = p.seller_id
      where s.code = $4`,
    person,
    wanted,
    [shop],
  )

/**
 * The products that contain all these words in title or description, at most 50: those whose title starts with what was
 * typed first, then all words in the title, then the rest; best-selling and newest first.
 */
export const findStepInSearch = (
  db: Queryable,
  person: PersonId,
  words: readonly string[],
  wanted: Wanted,
): Promise<Step | undefined> =>
  findStep(
    db,
    `select id, code, row_number() over (order by rank, sales desc, published_at desc nulls last, id desc)::integer as "position"
       from (select id, code, sales, published_at,
                    case when folded(title) like substr(containing($4), 2) then 1
                         when folded(title) like all (select containing(word) from unnest($5::text[]) word) then 2
                         else 3 end as rank
               from visible_products
              where search_text like containing($6)
                and search_text like all (select containing(word) from unnest($5::text[]) word)) found
      order by "position"
      limit 50`,
    person,
    wanted,
    [words.join(' '), words, words.toSorted((left, right) => right.length - left.length)[0]],
  )

type StepRow = Omit<Step, 'product'> & ListedProduct

async function findStep(
  db: Queryable,
  list: string,
  person: PersonId,
  wanted: Wanted,
  given: readonly unknown[],
): Promise<Step | undefined> {
  const { rows } = await db.query<StepRow>(
    `with list as (${list}),
          here as (select id, "position"
                     from list
                    where code = $2
                       or "position" = least($3, (select count(*) from list))
                    order by (code = $2) desc nulls last
                    limit 1)
   select h."position", (select count(*)::integer from list) as "total",
          (select code from list where "position" = h."position" - 1) as "previous",
          (select code from list where "position" = h."position" + 1) as "next", ${listed}
     from here h
     join products p on p.id = h.id ${joined}`,
    [person, wanted.code, wanted.position, ...given],
  )
  const row = rows[0]
  if (row === undefined) return undefined
  const { position, total, previous, next, ...product } = row
  return { product, position, total, previous, next }
}
