import { type CategoryId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type Cents } from '../domain/money.ts'
import { type CoverRefusal, type FileRefusal } from '../domain/notice.ts'
import { keptStatuses, type ProductStatus } from '../domain/product.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** A product as its seller sees it, in whatever state. A draft lacks what was not told yet. */
export type OwnProduct = {
  readonly id: ProductId
  readonly code: PublicCode
  readonly status: ProductStatus
  readonly moderation: 'ok' | 'suspended' | 'banned'
  readonly moderationReason: string | null
  readonly moderationUntil: Date | null
  readonly title: string | null
  readonly description: string | null
  readonly category: {
    readonly id: CategoryId
    readonly names: { readonly fr: string; readonly en: string }
    readonly icon: string
    readonly isHidden: boolean
  } | null
  readonly price: Cents | null
  readonly views: bigint
  readonly sales: bigint
  readonly ratingSum: bigint
  readonly reviewsCount: bigint
  readonly publishedAt: Date | null
  readonly hasExecutables: boolean
  readonly sellerCode: PublicCode
  readonly sellerName: string
  /** The version that is sold. */
  readonly file: OwnFile | null
  /** What was sent and is not verified yet. */
  readonly nextFile: Omit<OwnFile, 'number'> | null
  /** Why the file that was sent last is not taken, if it is not. */
  readonly fileRefusal: FileRefusal | null
  readonly hasCover: boolean
  readonly isCoverWaiting: boolean
  readonly coverRefusal: CoverRefusal | null
  /** Somebody ordered it, whatever became of the order. */
  readonly isOrdered: boolean
  /** Orders that may still be paid. */
  readonly openOrders: number
  readonly position: number
  readonly count: number
}

export type OwnFile = {
  readonly fileName: string
  readonly kind: string
  readonly sizeBytes: bigint
  readonly number: number
  readonly isWhole: boolean
  readonly at: Date
}

type Row = Omit<OwnProduct, 'file' | 'nextFile'> & {
  readonly file: JsonFile | null
  readonly nextFile: JsonFile | null
}
type JsonFile = Omit<OwnFile, 'sizeBytes' | 'at'> & { readonly sizeBytes: string; readonly at: string }

const fileJson = (file: string): string => `
         case when ${file}.id is not null then json_build_object(
           'fileName', ${file}.file_name, 'kind', ${file}.kind, 'sizeBytes', ${file}.size_bytes::text,
           'number', ${file}.number, 'isWhole', ${file}.state = 'ready', 'at', ${file}.created_at) end`

const own = `
  select p.id, p.code, p.status, p.moderation, p.moderation_reason as "moderationReason",
         p.moderation_until as "moderationUntil", p.title, p.description, p.price_cents as "price",
         p.views, p.sales, p.rating_sum as "ratingSum", p.reviews_count as "reviewsCount",
         p.published_at as "publishedAt", p.has_executables as "hasExecutables",
         s.code as "sellerCode", s.display_name as "sellerName",
         case when c.id is not null then json_build_object(
           'id', c.id, 'names', json_build_object('fr', c.name_fr, 'en', c.name_en), 'icon', c.icon,
           'isHidden', c.hidden) end as "category",
         ${fileJson('f')} as "file",
         ${fileJson('n')} as "nextFile",
         case when p.next_file_id is null then
           (select case when r.state = 'rejected' then r.reject_reason end
              from product_files r
             where r.product_id = p.id
               and r.reject_reason is distinct from 'replaced'
             order by r.created_at desc
             limit 1) end as "fileRefusal",
         coalesce(i.source = 'sent' and i.state in ('ready', 'missing'), false) as "hasCover",
         p.next_image_id is not null as "isCoverWaiting",
         case when p.next_image_id is null then
           (select case when r.state = 'rejected' then r.reject_reason end
              from images r
             where r.product_id = p.id
               and r.source = 'sent'
               and r.reject_reason is distinct from 'replaced'
             order by r.created_at desc
             limit 1) end as "coverRefusal",
         exists (select from orders o where o.product_id = p.id) as "isOrdered",
         (select count(*)::integer
            from orders o
           where o.product_id = p.id
             and o.status in ('creating', 'awaiting_payment', 'confirming', 'underpaid', 'review')) as "openOrders",
         row_number() over (order by p.created_at desc, p.id desc)::integer as "position",
         count(*) over ()::integer as "count"
    from products p
    join sellers s on s.user_id = p.seller_id
    left join categories c on c.id = p.category_id
    left join product_files f on f.id = p.current_file_id
    left join product_files n on n.id = p.next_file_id
    left join images i on i.id = p.image_id
   where p.seller_id = $1
     and p.status = any($2)`

const fileOf = (file: JsonFile | null): OwnFile | null =>
  file === null ? null : { ...file, sizeBytes: BigInt(file.sizeBytes), at: new Date(file.at) }

const shaped = (row: Row): OwnProduct => ({ ...row, file: fileOf(row.file), nextFile: fileOf(row.nextFile) })

/** The n-th product of a seller, the newest first, counted from 1; a position past the end gives the last one. */
export async function findOwnAt(db: Queryable, seller: PersonId, position: number): Promise<OwnProduct | undefined> {
  const { rows } = await db.query<Row>(
    `select * from (${own}) mine where "position" <= greatest($3::integer, 1) order by "position" desc limit 1`,
    [seller, keptStatuses, position],
  )
  return rows.map(shaped)[0]
}

/** Undefined for what is deleted, and for a product of anybody else, which is as absent as one that never was. */
export async function findOwnProduct(
  db: Queryable,
  seller: PersonId,
  code: PublicCode,
): Promise<OwnProduct | undefined> {
  const { rows } = await db.query<Row>(`select * from (${own}) mine where "code" = $3`, [seller, keptStatuses, code])
  return rows.map(shaped)[0]
}

/** A category something may be put into. */
export type SellingCategory = {
  readonly id: CategoryId
  readonly names: { readonly fr: string; readonly en: string }
  readonly icon: string
}

export async function listSellingCategories(db: Queryable): Promise<SellingCategory[]> {
  const { rows } = await db.query<SellingCategory>(
    `select id, json_build_object('fr', name_fr, 'en', name_en) as "names", icon
       from categories
      where not hidden
      order by position, id`,
  )
  return rows
}
