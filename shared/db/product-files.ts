import { mostVersions, type FileType } from '../domain/file-rules.ts'
import { type FileId, type PersonId, type ProductId, type UploadSessionId } from '../domain/ids.ts'
import { originalKey } from '../domain/object-key.ts'
import { type Queryable } from './pool.ts'

/** A product whose seller may give it a file, held until the transaction ends. */
export type ProductToFill = {
  readonly productId: ProductId
  readonly sellerId: PersonId
  /** The file sent before that is not current yet, and what the quota holds for it. */
  readonly nextFileId: FileId | null
  readonly nextReservedBytes: bigint
  /** Bought products get a new version once an hour, and not for ever. */
  readonly isTooSoon: boolean
  readonly hasTooManyVersions: boolean
}

/** Undefined for a product that is gone, or of another seller. */
export async function lockProductToFill(
  tx: Queryable,
  seller: PersonId,
  productId: ProductId,
): Promise<ProductToFill | undefined> {
  if (!(await lockOwnProduct(tx, seller, productId))) return undefined
  const { rows } = await tx.query<ProductToFill>(
    `select p.id as "productId", p.seller_id as "sellerId", p.next_file_id as "nextFileId",
            coalesce((select f.reserved_bytes from product_files f where f.id = p.next_file_id), 0) as "nextReservedBytes",
            p.published_at is not null
              and exists (select from product_files f
                           where f.product_id = p.id
                             and f.number > 1
                             and f.state = 'ready' -- a damaged one may be replaced at once
                             and f.created_at > clock_timestamp() - interval '1 hour') as "isTooSoon",
            (select count(*) from product_files f where f.product_id = p.id and f.number is not null) >= $2
              as "hasTooManyVersions"
       from products p
      where p.id = $1`,
    [productId, mostVersions],
  )
  return rows[0]
}

/** A statement of its own: what is read of the product's files must be read after the lock is held, not before. */
export async function lockOwnProduct(tx: Queryable, seller: PersonId, productId: ProductId): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select
       from products p
       join sellers s on s.user_id = p.seller_id
      where p.id = $2
        and p.seller_id = $1
        and p.status in ('draft', 'processing', 'active', 'inactive')
        and s.closed_at is null
        for update of p`,
    [seller, productId],
  )
  return rowCount === 1
}

export async function newFileId(db: Queryable): Promise<FileId> {
  const { rows } = await db.query<{ id: FileId }>(`select new_id() as id`)
  const [row] = rows
  if (row === undefined) throw new Error('Expected a new id, got none')
  return row.id
}

export type ChatFile = {
  readonly id: FileId
  readonly productId: ProductId
  readonly fileName: string
  readonly type: FileType
  readonly sizeBytes: bigint
  readonly telegramFileId: string
  readonly changelog: string
}

/** A file Telegram has; `media` fetches it. */
export async function insertChatFile(tx: Queryable, file: ChatFile): Promise<void> {
  await tx.query(
    `insert into product_files (id, product_id, object_key, file_name, size_bytes, content_type, kind, changelog, state,
                                source, telegram_file_id, reserved_bytes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'uploading', 'chat', $9, $5)`,
    [
      file.id,
      file.productId,
      originalKey(file.productId, file.id),
      file.fileName,
      file.sizeBytes,
      file.type.contentType,
      file.type.kind,
      file.changelog,
      file.telegramFileId,
    ],
  )
}

/** What the upload page sent, all of it in the bucket by now. */
export type ArrivedSession = {
  readonly fileId: FileId
  readonly productId: ProductId
  readonly sellerId: PersonId
  readonly fileName: string
  readonly isReceived: boolean
}

export async function lockArrivedSession(tx: Queryable, id: UploadSessionId): Promise<ArrivedSession | undefined> {
  const { rows } = await tx.query<ArrivedSession>(
    `select file_id as "fileId", product_id as "productId", seller_id as "sellerId", file_name as "fileName",
            state = 'received' as "isReceived"
       from upload_sessions
      where id = $1
        and state in ('completing', 'received')
        for update`,
    [id],
  )
  return rows[0]
}

/** A file in the bucket; `media` verifies it. What the quota held for its session is held for it from now on. */
export async function insertPageFile(tx: Queryable, session: UploadSessionId, type: FileType): Promise<void> {
  await tx.query(
    `with received as (
            update upload_sessions
               set state = 'received'
             where id = $1
               and state = 'completing'
         returning link_id, file_id, product_id, object_key, file_name, declared_bytes, sha256)
     insert into product_files (id, product_id, object_key, file_name, size_bytes, sha256, content_type, kind, changelog,
                                state, source, reserved_bytes)
     select r.file_id, r.product_id, r.object_key, r.file_name, r.declared_bytes, r.sha256, $2, $3, l.changelog,
            'verifying', 'page', r.declared_bytes
       from received r
       join upload_links l on l.id = r.link_id`,
    [session, type.contentType, type.kind],
  )
}

/** The file that becomes current once it is verified. */
export async function setNextFile(tx: Queryable, productId: ProductId, id: FileId): Promise<void> {
  await tx.query(`update products set next_file_id = $2 where id = $1`, [productId, id])
}

/** A newer file was sent before this one was verified: whoever works on it finds it closed, and its object is to go. */
export async function markFileOvertaken(tx: Queryable, id: FileId): Promise<{ readonly objectKey: string }[]> {
  const { rows } = await tx.query<{ objectKey: string }>(
    `update product_files
        set state = 'rejected', reject_reason = 'replaced', reserved_bytes = 0
      where id = $1
        and state in ('uploading', 'verifying')
  returning object_key as "objectKey"`,
    [id],
  )
  return rows
}
