import { type FileId, type ProductId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'

/** An original that was verified once, and what it must be. */
export type KeptOriginal = {
  readonly fileId: FileId
  readonly productId: ProductId
  readonly key: string
  readonly sizeBytes: bigint
  readonly sha256: string
  readonly isDamaged: boolean
}

const originals = `
  select id as "fileId", product_id as "productId", object_key as "key", size_bytes as "sizeBytes", sha256,
         state = 'damaged' as "isDamaged"
    from product_files
   where state in ('ready', 'damaged')
     and purged_at is null`

/** All of them, in pages by id. */
export async function listOriginals(db: Queryable, after: FileId | undefined, limit: number): Promise<KeptOriginal[]> {
  const { rows } = await db.query<KeptOriginal>(`${originals} and ($1::uuid is null or id > $1) order by id limit $2`, [
    after ?? null,
    limit,
  ])
  return rows
}

/** Those whose bytes were read back longest ago, and not since this moment. */
export async function listUncheckedOriginals(db: Queryable, since: Date, limit: number): Promise<KeptOriginal[]> {
  const { rows } = await db.query<KeptOriginal>(
    `${originals} and (checked_at is null or checked_at < $1) order by checked_at nulls first, id limit $2`,
    [since, limit],
  )
  return rows
}

export async function markOriginalChecked(db: Queryable, id: FileId): Promise<void> {
  await db.query(`update product_files set checked_at = clock_timestamp() where id = $1`, [id])
}

/** A copy of a picture that is shown, and what it must be. */
export type KeptCopy = {
  readonly productId: ProductId
  readonly key: string
  readonly sizeBytes: bigint
  readonly sha256: string
}

/** All copies of the pictures of products that are not deleted, in pages by product. */
export async function listPictureCopies(
  db: Queryable,
  after: ProductId | undefined,
  limit: number,
): Promise<KeptCopy[]> {
  const { rows } = await db.query<KeptCopy>(
    `select p.id as "productId", copy.key, copy.bytes as "sizeBytes", copy.sha256
       from (select id, image_id
               from products
              where status not in ('deleted', 'purged')
                and image_id is not null
                and ($1::uuid is null or id > $1)
              order by id
              limit $2) p
       join images i on i.id = p.image_id and i.state = 'ready'
      cross join lateral (values (i.cover_key, i.cover_bytes, i.cover_sha256),
                                 (i.thumb_key, i.thumb_bytes, i.thumb_sha256)) copy (key, bytes, sha256)
      order by p.id`,
    [after ?? null, limit],
  )
  return rows
}

/** Now, by the database's clock. */
export async function readClock(db: Queryable): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>(`select clock_timestamp() as now`)
  const [row] = rows
  if (row === undefined) throw new Error('Expected the time, got nothing')
  return row.now
}
