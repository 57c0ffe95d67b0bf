import { type PersonId, type ProductId, type UploadLinkId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'
import { type Language } from './users.ts'

/** A product its seller may still send a file for. */
const fillable = `
         p.status in ('draft', 'processing', 'active', 'inactive')
     and s.closed_at is null
     and u.status = 'active'`

/** Keeps a new way to the upload page, good for 48 h; undefined when the product is gone or of another seller. */
export async function insertUploadLink(
  tx: Queryable,
  link: {
    readonly seller: PersonId
    readonly productId: ProductId
    readonly tokenHash: string
    /** What buyers read of a version that replaces another. */
    readonly changelog?: string
  },
): Promise<UploadLinkId | undefined> {
  const { rows } = await tx.query<{ id: UploadLinkId }>(
    `insert into upload_links (token_hash, seller_id, product_id, changelog, expires_at)
     select $3, p.seller_id, p.id, $4, clock_timestamp() + interval '48 hours'
       from products p
       join sellers s on s.user_id = p.seller_id
       join users u on u.id = p.seller_id
      where p.id = $2
        and p.seller_id = $1
        and ${fillable}
  returning id`,
    [link.seller, link.productId, link.tokenHash, link.changelog ?? ''],
  )
  return rows[0]?.id
}

/** Who a token stands for, and for which of their products. */
export type UploadLink = {
  readonly id: UploadLinkId
  readonly tokenHash: string
  readonly sellerId: PersonId
  readonly productId: ProductId
  readonly language: Language
  /** Nothing for a draft whose title is not chosen yet. */
  readonly title: string | null
}

/** Undefined when nobody made it, when its time is over, or when its seller may not use it any more. */
export async function findUploadLink(db: Queryable, tokenHash: string): Promise<UploadLink | undefined> {
  const { rows } = await db.query<UploadLink>(
    `select l.id, l.token_hash as "tokenHash", l.seller_id as "sellerId", l.product_id as "productId", u.language, p.title
       from upload_links l
       join products p on p.id = l.product_id and p.seller_id = l.seller_id
       join sellers s on s.user_id = l.seller_id
       join users u on u.id = l.seller_id
      where l.token_hash = $1
        and l.revoked_at is null
        and l.expires_at > clock_timestamp()
        and ${fillable}`,
    [tokenHash],
  )
  return rows[0]
}
