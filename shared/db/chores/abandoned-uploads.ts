import { type UploadSessionId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'
import { uploadColumns, type UploadSession } from '../upload-sessions.ts'

const expired = `
  select ${uploadColumns}
    from upload_sessions s
   where s.state = 'open'
     and s.expires_at <= clock_timestamp()
   order by s.expires_at
   limit $1`

export async function listExpiredUploads(db: Queryable, limit: number): Promise<UploadSession[]> {
  const { rows } = await db.query<UploadSession>(expired, [limit])
  return rows
}

/** Uploads past their time, held until the transaction ends. */
export async function lockExpiredUploads(tx: Queryable, limit: number): Promise<UploadSession[]> {
  const { rows } = await tx.query<UploadSession>(`${expired} for update skip locked`, [limit])
  return rows
}

/** An upload that is over while the bucket may still keep its parts. */
export type UnfreedUpload = { readonly id: UploadSessionId; readonly key: string; readonly uploadId: string }

/** The next ones after `last`, so that one the bucket does not free holds up no other. */
export async function listUnfreedUploads(
  db: Queryable,
  last: UploadSessionId | undefined,
  limit: number,
): Promise<UnfreedUpload[]> {
  const { rows } = await db.query<UnfreedUpload>(
    `select id, object_key as "key", s3_upload_id as "uploadId"
       from upload_sessions
      where state in ('aborted', 'expired')
        and s3_upload_id is not null
        and ($1::uuid is null or id > $1)
      order by id
      limit $2`,
    [last ?? null, limit],
  )
  return rows
}

/** Which of these uploads at the bucket are still under way. */
export async function findLiveMultiparts(db: Queryable, uploadIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ uploadId: string }>(
    `select s3_upload_id as "uploadId"
       from upload_sessions
      where s3_upload_id = any($1)
        and state in ('open', 'completing')`,
    [uploadIds],
  )
  return new Set(rows.map(({ uploadId }) => uploadId))
}
