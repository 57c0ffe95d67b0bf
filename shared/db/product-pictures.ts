import { type ImageId, type ProductId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** The verified cover of a product: where it lies and what its bytes must be. */
export type ProductPicture = {
  readonly imageId: ImageId
  readonly coverKey: string
  readonly coverSha256: string
  readonly coverBytes: bigint
}

/** Undefined while the product has no verified picture. */
export async function findProductPicture(db: Queryable, product: ProductId): Promise<ProductPicture | undefined> {
  const { rows } = await db.query<ProductPicture>(
    `select i.id as "imageId", i.cover_key as "coverKey", i.cover_sha256 as "coverSha256", i.cover_bytes as "coverBytes"
       from products p
       join images i on i.id = p.image_id
      where p.id = $1
        and i.state in ('ready', 'missing')
        and i.cover_sha256 is not null`,
    [product],
  )
  return rows[0]
}
