import { type FileId, type ImageId, type PersonId, type ProductId } from '../../shared/domain/ids.ts'
import { type Queryable } from '../../shared/db/pool.ts'
import { type SeedProduct, type SeedSeller } from './catalogue.ts'

export async function insertSeller(tx: Queryable, seller: SeedSeller): Promise<void> {
  await tx.query(
    `insert into users (id, username, first_name, language)
     values ($1, $2, $3, $4)
         on conflict (id) do nothing`,
    [seller.userId, seller.username, seller.firstName, seller.language],
  )
  await tx.query(
    `insert into sellers (user_id, code, display_name, bio, email)
     values ($1, $2, $3, $4, $5)
         on conflict (user_id) do nothing`,
    [seller.userId, seller.code, seller.shopName, seller.bio, `${seller.username}@example.org`],
  )
}

export async function isSeeded(db: Queryable, code: string): Promise<boolean> {
  const { rows } = await db.query(`select from products where code = $1`, [code])
  return rows.length > 0
}

export type SeedIds = { readonly product: ProductId; readonly file: FileId; readonly image: ImageId }

export async function newIds(db: Queryable): Promise<SeedIds> {
  const { rows } = await db.query<SeedIds>(`select new_id() as product, new_id() as file, new_id() as image`, [])
  const [ids] = rows
  if (ids === undefined) throw new Error('Expected new ids, got none')
  return ids
}

export type SeedObject = { readonly key: string; readonly sha256: string; readonly sizeBytes: number }

export type SeedPicture = { readonly cover: SeedObject; readonly thumb: SeedObject; readonly side: number }

/** One product with its verified file and, unless media is to draw one, its pictures. Returns whose it is. */
export async function insertProduct(
  tx: Queryable,
  ids: SeedIds,
  product: SeedProduct,
  original: SeedObject & { contentType: string; md5: string },
  picture: SeedPicture | undefined,
): Promise<PersonId> {
  const { rows } = await tx.query<{ seller: PersonId }>(
    `insert into products (id, code, seller_id, category_id, title, description, price_cents, status, source, sales, views, published_at)
     select $1, $2, s.user_id, c.id, $3, $4, $5, 'active', 'sandbox', $6, $7, clock_timestamp() - $8 * interval '1 day'
       from sellers s, categories c
      where s.code = $9
        and c.slug = $10
  returning seller_id as "seller"`,
    [
      ids.product,
      product.code,
      product.title,
      product.description,
      product.priceCents,
      product.sales,
      product.views,
      product.daysOld,
      product.seller,
      product.category,
    ],
  )
  await tx.query(
    `insert into product_files (id, product_id, number, object_key, file_name, size_bytes, sha256, md5, content_type, kind, state, checked_at)
     values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, 'ready', clock_timestamp())`,
    [
      ids.file,
      ids.product,
      original.key,
      product.file.name,
      original.sizeBytes,
      original.sha256,
      original.md5,
      original.contentType,
      product.file.kind === 'pdf' || product.file.kind === 'csv' ? 'document' : 'archive',
    ],
  )
  if (picture !== undefined) await insertPicture(tx, ids, picture)
  await tx.query(`update products set current_file_id = $2, image_id = $3 where id = $1`, [
    ids.product,
    ids.file,
    picture === undefined ? null : ids.image,
  ])
  const [inserted] = rows
  if (inserted === undefined) throw new Error(`Expected the shop ${product.seller} to be seeded, got none`)
  return inserted.seller
}

const insertPicture = (tx: Queryable, ids: SeedIds, { cover, thumb, side }: SeedPicture): Promise<unknown> =>
  tx.query(
    `insert into images (id, product_id, state, cover_key, cover_sha256, cover_bytes, thumb_key, thumb_sha256, thumb_bytes, width, height)
     values ($1, $2, 'ready', $3, $4, $5, $6, $7, $8, $9, $9)`,
    [ids.image, ids.product, cover.key, cover.sha256, cover.sizeBytes, thumb.key, thumb.sha256, thumb.sizeBytes, side],
  )
