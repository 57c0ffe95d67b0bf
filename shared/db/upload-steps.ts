import { type UploadSessionId } from '../domain/ids.ts'
import { type Closing } from '../domain/upload.ts'
import { type Queryable } from './pool.ts'
import { settleBytes } from './quotas.ts'
import { uploadColumns, type UploadSession } from './upload-sessions.ts'

/** Keeps what the bucket calls the upload; false when another was faster or the upload is over. */
export async function setMultipart(db: Queryable, id: UploadSessionId, uploadId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update upload_sessions
        set s3_upload_id = $2
      where id = $1
        and state = 'open'
        and s3_upload_id is null`,
    [id, uploadId],
  )
  return rowCount === 1
}

/** More parts are about to come: the upload stays open for another 24 h, and for 48 h in all; false when it is over. */
export async function renewUpload(db: Queryable, id: UploadSessionId): Promise<boolean> {
  const { rowCount } = await db.query(
    `update upload_sessions
        set last_part_at = clock_timestamp(),
            expires_at = least(created_at + interval '48 hours', clock_timestamp() + interval '24 hours')
      where id = $1
        and state = 'open'
        and expires_at > clock_timestamp()`,
    [id],
  )
  return rowCount === 1
}

/** All parts are there: from now on only joining them is left. False when it is over, or was begun before. */
export async function markCompleting(db: Queryable, id: UploadSessionId, sha256: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update upload_sessions
        set state = 'completing', sha256 = $2, last_part_at = clock_timestamp()
      where id = $1
        and state = 'open'
        and expires_at > clock_timestamp()`,
    [id, sha256],
  )
  return rowCount === 1
}

/** Ends an upload whose room another one takes; false when it was not in that state any more. */
export async function markUploadClosed(tx: Queryable, id: UploadSessionId, closing: Closing): Promise<boolean> {
  const { rowCount } = await tx.query(`update upload_sessions set state = $3 where id = $1 and state = $2`, [
    id,
    closing.from,
    closing.to,
  ])
  return rowCount === 1
}

/** Ends an upload and frees the room that was held for it, once. */
export async function closeUpload(
  tx: Queryable,
  { id, sellerId, sizeBytes }: Pick<UploadSession, 'id' | 'sellerId' | 'sizeBytes'>,
  closing: Closing,
): Promise<boolean> {
  if (!(await markUploadClosed(tx, id, closing))) return false
  await settleBytes(tx, sellerId, { reserved: sizeBytes, used: 0n })
  return true
}

/** Takes back an upload the bucket would not begin, as if it had never been opened. */
export async function withdrawUpload(tx: Queryable, { id, sellerId, sizeBytes }: UploadSession): Promise<void> {
  const { rowCount } = await tx.query(
    `delete from upload_sessions where id = $1 and state = 'open' and s3_upload_id is null`,
    [id],
  )
  if (rowCount === 1) await settleBytes(tx, sellerId, { reserved: sizeBytes, used: 0n })
}

/** The parts of an upload that is over are freed at the bucket. */
export async function forgetMultipart(db: Queryable, id: UploadSessionId): Promise<void> {
  await db.query(
    `update upload_sessions
        set s3_upload_id = null
      where id = $1
        and state in ('aborted', 'expired')`,
    [id],
  )
}

/** An upload whose joining stands still, because the process that did it is gone; taken once in half a minute. */
export async function takeStuckUpload(db: Queryable): Promise<UploadSession | undefined> {
  const { rows } = await db.query<UploadSession>(
    `update upload_sessions s
        set updated_at = clock_timestamp()
      where s.id = (select id
                      from upload_sessions
                     where state = 'completing'
                       and updated_at < clock_timestamp() - interval '30 seconds'
                     order by updated_at
                     limit 1
                       for update skip locked)
  returning ${uploadColumns}`,
  )
  return rows[0]
}
