import { type FileId, type ImageId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'

/** Each time somebody was rung for, the next time is as long again after it: minutes at first, an hour at most. */
const isDue = `
     rung_at < clock_timestamp() - least(interval '1 hour', greatest(interval '2 minutes', rung_at - created_at))`

const files = `
  select id
    from product_files
   where state in ('uploading', 'verifying')
     and ${isDue}
     and not exists (select from outbox o
                      where o.subject = 'file.received' and o.dedupe_key = product_files.id::text and o.sent_at is null)
   order by rung_at
   limit $1`

const images = `
  select id
    from images
   where state = 'processing'
     and source = 'sent'
     and ${isDue}
     and not exists (select from outbox o
                      where o.subject = 'cover.received' and o.dedupe_key = images.id::text and o.sent_at is null)
   order by rung_at
   limit $1`

/** Files that were received and stand still, nobody working on them. */
export const listStandingFiles = (db: Queryable, limit: number): Promise<FileId[]> => ids(db, files, limit)

/** Covers that were received and stand still. */
export const listStandingImages = (db: Queryable, limit: number): Promise<ImageId[]> => ids(db, images, limit)

/** Marks files as rung for; the caller asks for them in the same transaction. */
export const takeStandingFiles = (tx: Queryable, limit: number): Promise<FileId[]> =>
  ids(tx, taken('product_files', files), limit)

/** Marks covers as rung for; the caller asks for them in the same transaction. */
export const takeStandingImages = (tx: Queryable, limit: number): Promise<ImageId[]> =>
  ids(tx, taken('images', images), limit)

const taken = (table: 'product_files' | 'images', standing: string): string =>
  `with standing as (${standing} for update skip locked)
   update ${table} t
      set rung_at = clock_timestamp()
     from standing
    where t.id = standing.id
returning t.id`

async function ids<Id>(db: Queryable, sql: string, limit: number): Promise<Id[]> {
  const { rows } = await db.query<{ id: Id }>(sql, [limit])
  return rows.map(({ id }) => id)
}
