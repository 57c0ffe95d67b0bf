import { type PersonId, type ProductId } from '../domain/ids.ts'
import { insertUploadLink } from '../db/upload-links.ts'
import { type Queryable } from '../db/pool.ts'
import { hashToken, newToken } from '../web/link-token.ts'
import { aSeller } from './a-shop.ts'

/** A draft without a file, and what opens the upload page for it. */
export type DraftToFill = { readonly seller: PersonId; readonly productId: ProductId; readonly token: string }

export async function aDraftToFill(db: Queryable, owner?: PersonId): Promise<DraftToFill> {
  const seller = owner ?? (await aSeller(db))
  const { rows } = await db.query<{ id: ProductId }>(
    `insert into products (code, seller_id, title) values (upper(substr(md5(random()::text), 1, 8)), $1, 'A film') returning id`,
    [seller],
  )
  const productId = rows[0]?.id
  if (productId === undefined) throw new Error('Expected the draft just written, got none')
  return { seller, productId, token: await anUploadToken(db, { seller, productId }) }
}

export async function anUploadToken(
  db: Queryable,
  { seller, productId }: Pick<DraftToFill, 'seller' | 'productId'>,
): Promise<string> {
  const token = newToken()
  const id = await insertUploadLink(db, { seller, productId, tokenHash: hashToken(token) })
  if (id === undefined) throw new Error('Expected a link to the upload page, got none')
  return token
}
