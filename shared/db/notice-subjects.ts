import { type ProductId } from '../domain/ids.ts'
import { type Notice } from '../domain/notice.ts'
import { keptStatuses } from '../domain/product.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** What the words of a notice need to know of its subject as it is now. */
export type NoticeSubject = {
  readonly title: string
  readonly number: number
  readonly changelog: string
  /** Of a product that can still be looked at by its seller. */
  readonly code: PublicCode | null
}

/** A product that is gone, or has no title yet, is named by nothing. */
export async function findNoticeSubject(db: Queryable, notice: Notice): Promise<NoticeSubject> {
  const { rows } = await db.query<NoticeSubject>(
    `select coalesce(p.title, '') as "title", coalesce(f.number, 1) as "number", coalesce(f.changelog, '') as "changelog",
            case when p.status = any($3) then p.code end as "code"
       from products p
       left join product_files f on f.id = $2
      where p.id = $1`,
    ['productId' in notice ? notice.productId : null, 'fileId' in notice ? notice.fileId : null, keptStatuses],
  )
  return rows[0] ?? { title: '', number: 1, changelog: '', code: null }
}

/** Whether it is the only product of its seller that was ever on sale. */
export async function isFirstProduct(db: Queryable, product: ProductId): Promise<boolean> {
  const { rowCount } = await db.query(
    `select
       from products p
      where p.id = $1
        and not exists (select
                          from products other
                         where other.seller_id = p.seller_id and other.id <> p.id and other.published_at is not null)`,
    [product],
  )
  return rowCount === 1
}
