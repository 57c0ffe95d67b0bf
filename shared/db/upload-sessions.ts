import { type FileId, type PersonId, type ProductId, type UploadLinkId, type UploadSessionId } from '../domain/ids.ts'
import { type UploadState } from '../domain/upload.ts'
import { type Queryable } from './pool.ts'

/** A file on its way to the bucket in parts. */
export type UploadSession = {
  readonly id: UploadSessionId
  /** An open one past its time is `expired`, whether or not the janitor has been there. */
  readonly state: UploadState
  readonly sellerId: PersonId
  readonly productId: ProductId
  readonly fileId: FileId
  readonly objectKey: string
  readonly fileName: string
  readonly sizeBytes: bigint
  readonly partBytes: number
  /** What the bucket calls it; nothing before the bucket was asked, and once its parts are freed. */
  readonly uploadId: string | null
  readonly expiresAt: Date
  /** Since the last sign of a part, or since its parts are being joined. */
  readonly idleMs: number
}

export const uploadColumns = `
  s.id, case when s.state = 'open' and s.expires_at <= clock_timestamp() then 'expired' else s.state end as "state",
  s.seller_id as "sellerId", s.product_id as "productId", s.file_id as "fileId", s.object_key as "objectKey",
  s.file_name as "fileName", s.declared_bytes as "sizeBytes", s.part_bytes as "partBytes", s.s3_upload_id as "uploadId",
  s.expires_at as "expiresAt",
  greatest(0, extract(epoch from clock_timestamp() - s.last_part_at) * 1000)::float8 as "idleMs"`

/** Whose uploads a link leads to: those of its seller for its product, whichever link they were begun with. */
export type UploadOwner = { readonly sellerId: PersonId; readonly productId: ProductId }

export type NewUpload = UploadOwner & {
  readonly linkId: UploadLinkId
  readonly fileId: FileId
  readonly objectKey: string
  readonly fileName: string
  readonly sizeBytes: bigint
  readonly partBytes: number
}

/** Opens an upload for 24 h; its bytes were reserved in the same transaction. */
export async function insertUploadSession(tx: Queryable, upload: NewUpload): Promise<UploadSession> {
  const { rows } = await tx.query<UploadSession>(
    `insert into upload_sessions as s (link_id, seller_id, product_id, file_id, object_key, file_name, declared_bytes,
                                       part_bytes, last_part_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp(), clock_timestamp() + interval '24 hours')
  returning ${uploadColumns}`,
    [
      upload.linkId,
      upload.sellerId,
      upload.productId,
      upload.fileId,
      upload.objectKey,
      upload.fileName,
      upload.sizeBytes,
      upload.partBytes,
    ],
  )
  const [session] = rows
  if (session === undefined) throw new Error('Expected the upload just opened, got none')
  return session
}

/** How many uploads a seller opened within a day; nobody opens another for them until the transaction ends. */
export async function countUploadsOfDay(tx: Queryable, seller: PersonId): Promise<number> {
  await tx.query(`select from sellers where user_id = $1 for update`, [seller])
  const { rows } = await tx.query<{ count: number }>(
    `select count(*)::integer as count
       from upload_sessions
      where seller_id = $1
        and created_at > clock_timestamp() - interval '1 day'`,
    [seller],
  )
  return rows[0]?.count ?? 0
}

/** The upload a new one for this product would take the place of; the product's row is held. */
export async function lockOpenUpload(tx: Queryable, product: ProductId): Promise<UploadSession | undefined> {
  const { rows } = await tx.query<UploadSession>(
    `select ${uploadColumns}
       from upload_sessions s
      where s.product_id = $1
        and s.state = 'open'
        for update`,
    [product],
  )
  return rows[0]
}

/** Whether the parts of an upload for this product are being joined right now. */
export async function isUploadCompleting(db: Queryable, product: ProductId): Promise<boolean> {
  const { rowCount } = await db.query(`select from upload_sessions where product_id = $1 and state = 'completing'`, [
    product,
  ])
  return rowCount > 0
}

/** Undefined for an upload of another seller or another product. */
export async function findUploadSession(
  db: Queryable,
  { sellerId, productId }: UploadOwner,
  id: string,
): Promise<UploadSession | undefined> {
  const { rows } = await db.query<UploadSession>(
    `select ${uploadColumns}
       from upload_sessions s
      where s.id = $1
        and s.seller_id = $2
        and s.product_id = $3`,
    [id, sellerId, productId],
  )
  return rows[0]
}

/** The upload that can be gone on with: one the bucket waits for. */
export async function findOpenUpload(
  db: Queryable,
  { sellerId, productId }: UploadOwner,
): Promise<UploadSession | undefined> {
  const { rows } = await db.query<UploadSession>(
    `select ${uploadColumns}
       from upload_sessions s
      where s.seller_id = $1
        and s.product_id = $2
        and s.state = 'open'
        and s.s3_upload_id is not null
        and s.expires_at > clock_timestamp()`,
    [sellerId, productId],
  )
  return rows[0]
}

/** What became of a received file: still being verified, ready, or rejected and why. */
export type ReceivedState = {
  readonly state: 'uploading' | 'verifying' | 'ready' | 'rejected'
  readonly rejectReason: string | null
}

export async function findReceivedState(db: Queryable, file: FileId): Promise<ReceivedState | undefined> {
  const { rows } = await db.query<ReceivedState>(
    `select state, reject_reason as "rejectReason" from product_files where id = $1`,
    [file],
  )
  return rows[0]
}
