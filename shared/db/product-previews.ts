import { type ProductId } from '../domain/ids.ts'
import { type Preview } from '../domain/preview.ts'
import { type Queryable } from './pool.ts'

/** What may be seen of the version that is sold now; undefined when there is nothing. */
export async function findPreview(db: Queryable, product: ProductId): Promise<Preview | undefined> {
  const { rows } = await db.query<{ preview: Preview }>(
    `select f.preview
       from products p
       join product_files f on f.id = p.current_file_id
      where p.id = $1
        and f.preview is not null`,
    [product],
  )
  return rows[0]?.preview
}
