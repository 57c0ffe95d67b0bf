import { type FileId, type ProductId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'

/**
 * Keys that something still needs: versions that were not refused or purged, pictures that are shown, prepared or may turn
 * up again, and uploads that are under way. One that arrived has a row of its file, which says whether it is still needed.
 */
const named = `
  select object_key as key
    from product_files
   where state <> 'rejected'
     and purged_at is null
   union all
  select preview->>'key'
    from product_files
   where preview->>'key' is not null
     and purged_at is null
   union all
  select copy.key
    from images i
   cross join lateral (values (i.original_key), (i.cover_key), (i.thumb_key)) copy (key)
   where copy.key is not null
     and (i.state in ('processing', 'ready', 'missing')
       or exists (select from products p where i.id in (p.image_id, p.next_image_id)))
   union all
  select object_key
    from upload_sessions
   where state in ('open', 'completing')`

/** Those of these keys that no row names. */
export async function listUnnamedKeys(db: Queryable, keys: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>(
    `select key
       from unnest($1::text[]) key
      where key not in (select named.key from (${named}) named where named.key = any($1))`,
    [keys],
  )
  return rows.map(({ key }) => key)
}

/** An object that must be there: a verified original, or a copy of a picture. */
export type PromisedObject = { readonly key: string; readonly fileId: FileId | null; readonly productId: ProductId }

/** What must be in the bucket under keys that begin so, after one key and up to another, in the order buckets list them. */
export async function listPromisedObjects(
  db: Queryable,
  prefix: string,
  { after, upTo }: { readonly after: string; readonly upTo: string | null },
): Promise<PromisedObject[]> {
  const { rows } = await db.query<PromisedObject>(
    `select key, "fileId", "productId"
       from (select object_key as key, id as "fileId", product_id as "productId"
               from product_files
              where state = 'ready'
                and purged_at is null
              union all
             select copy.key, null, i.product_id
               from images i
               join products p on p.image_id = i.id and p.status not in ('deleted', 'purged')
              cross join lateral (values (i.cover_key), (i.thumb_key)) copy (key)
              where i.state = 'ready') promised
      where starts_with(key, $1)
        and key collate "C" > $2
        and ($3::text is null or key collate "C" <= $3)
      order by key collate "C"`,
    [prefix, after, upTo],
  )
  return rows
}

/** Is this upload in parts one that a seller may still go on with? */
export async function isUploadKnown(db: Queryable, uploadId: string, key: string): Promise<boolean> {
  const { rows } = await db.query(
    `select from upload_sessions
      where (s3_upload_id = $1 or object_key = $2)
        and state in ('open', 'completing')`,
    [uploadId, key],
  )
  return rows.length > 0
}
