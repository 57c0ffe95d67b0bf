import { type FileId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type FileRefusal } from '../domain/notice.ts'
import { type Preview } from '../domain/preview.ts'
import { type ProductStatus } from '../domain/product.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { mediaLease } from './media-lease.ts'
import { type Queryable } from './pool.ts'

/** A file one worker holds; `attempt` is its fencing token. */
export type ClaimedFile = {
  readonly id: FileId
  readonly productId: ProductId
  readonly attempt: number
  readonly state: 'uploading' | 'verifying'
  readonly source: 'chat' | 'page'
  readonly telegramFileId: string | null
  readonly objectKey: string
  readonly fileName: string
  readonly contentType: string
  readonly sizeBytes: bigint
  /** As the sender, or our own transfer from the chat, found it. */
  readonly sha256: string | null
  /** Waits longer than anybody should. */
  readonly isOverdue: boolean
}

/** Takes a file that waits. Undefined when it needs nothing any more; `held` while somebody else works on it. */
export async function claimFile(db: Queryable, id: FileId): Promise<ClaimedFile | 'held' | undefined> {
  const { rows } = await db.query<ClaimedFile>(
    `update product_files
        set attempts = attempts + 1, rung_at = clock_timestamp(),
            lease_until = clock_timestamp() + $2 * interval '1 second'
      where id = $1
        and state in ('uploading', 'verifying')
        and (lease_until is null or lease_until < clock_timestamp())
  returning id, product_id as "productId", attempts as "attempt", state, source, telegram_file_id as "telegramFileId",
            object_key as "objectKey", file_name as "fileName", content_type as "contentType", size_bytes as "sizeBytes",
            sha256, created_at < clock_timestamp() - interval '7 days' as "isOverdue"`,
    [id, mediaLease.seconds],
  )
  if (rows[0] !== undefined) return rows[0]
  const { rowCount } = await db.query(
    `select from product_files where id = $1 and state in ('uploading', 'verifying')`,
    [id],
  )
  return rowCount === 0 ? undefined : 'held'
}

/** Where the object of a file lies, and whether nobody needs it; undefined when the file is gone with its product. */
export async function findFileObject(
  db: Queryable,
  id: FileId,
): Promise<{ readonly objectKey: string; readonly isRejected: boolean } | undefined> {
  const { rows } = await db.query<{ objectKey: string; isRejected: boolean }>(
    `select object_key as "objectKey", state = 'rejected' as "isRejected" from product_files where id = $1`,
    [id],
  )
  return rows[0]
}

export type FileClaim = Pick<ClaimedFile, 'id' | 'attempt'>

/** False once somebody else took it, or it was closed: then the work is not ours any more. */
export async function renewFileLease(db: Queryable, { id, attempt }: FileClaim): Promise<boolean> {
  const { rowCount } = await db.query(
    `update product_files
        set lease_until = clock_timestamp() + $3 * interval '1 second', rung_at = clock_timestamp()
      where id = $1
        and attempts = $2
        and state in ('uploading', 'verifying')`,
    [id, attempt, mediaLease.seconds],
  )
  return rowCount === 1
}

export async function releaseFile(db: Queryable, { id, attempt }: FileClaim): Promise<void> {
  await db.query(`update product_files set lease_until = null where id = $1 and attempts = $2`, [id, attempt])
}

/** It lies in the bucket; what was put there is what must be read back. */
export async function markFileStored(
  db: Queryable,
  { id, attempt }: FileClaim,
  { sha256, md5 }: { readonly sha256: string; readonly md5: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update product_files
        set state = 'verifying', sha256 = $3, md5 = $4
      where id = $1
        and attempts = $2
        and state = 'uploading'`,
    [id, attempt, sha256, md5],
  )
  return rowCount === 1
}

/** The object of a file from the chat is gone before it was verified: Telegram is asked for it again. */
export async function markFileUnstored(db: Queryable, { id, attempt }: FileClaim): Promise<void> {
  await db.query(
    `update product_files
        set state = 'uploading', sha256 = null, md5 = null
      where id = $1
        and attempts = $2
        and state = 'verifying'
        and source = 'chat'`,
    [id, attempt],
  )
}

/** The product of a file, held until the transaction ends; it is always held before its files and its seller. */
export type ProductOfFile = {
  readonly productId: ProductId
  readonly code: PublicCode
  readonly sellerId: PersonId
  readonly status: ProductStatus
  readonly isPublished: boolean
  readonly currentFileId: FileId | null
}

export async function lockProductOfFile(tx: Queryable, file: FileId): Promise<ProductOfFile | undefined> {
  const { rows } = await tx.query<ProductOfFile>(
    `select p.id as "productId", p.code, p.seller_id as "sellerId", p.status, p.published_at is not null as "isPublished",
            p.current_file_id as "currentFileId"
       from products p
      where p.id = (select product_id from product_files where id = $1)
        for update`,
    [file],
  )
  return rows[0]
}

export type VerifiedFile = {
  readonly sha256: string
  readonly md5: string
  readonly hasExecutables: boolean
  readonly preview: Preview | null
}

/** The next version; what the quota held for it, or undefined when it is not ours to mark. */
export async function markFileReady(
  tx: Queryable,
  { id, attempt }: FileClaim,
  { sha256, md5, hasExecutables, preview }: VerifiedFile,
): Promise<{ readonly number: number; readonly reservedBytes: bigint; readonly sizeBytes: bigint } | undefined> {
  const { rows } = await tx.query<{ number: number; reservedBytes: bigint; sizeBytes: bigint }>(
    `with held as (select id, reserved_bytes from product_files where id = $1 for update)
     update product_files f
        set state = 'ready', sha256 = $3, md5 = $4, has_executables = $5, checked_at = clock_timestamp(),
            reserved_bytes = 0, lease_until = null, preview = $6,
            number = (select coalesce(max(o.number), 0) + 1 from product_files o where o.product_id = f.product_id)
       from held
      where f.id = held.id
        and f.attempts = $2
        and f.state = 'verifying'
  returning f.number, held.reserved_bytes as "reservedBytes", f.size_bytes as "sizeBytes"`,
    [id, attempt, sha256, md5, hasExecutables, preview === null ? null : JSON.stringify(preview)],
  )
  return rows[0]
}

/** From now on this version is the one that is sold. */
export async function setCurrentFile(
  tx: Queryable,
  { productId }: Pick<ProductOfFile, 'productId'>,
  id: FileId,
  hasExecutables: boolean,
): Promise<void> {
  await tx.query(
    `update products
        set current_file_id = $2, next_file_id = nullif(next_file_id, $2), has_executables = $3
      where id = $1`,
    [productId, id, hasExecutables],
  )
}

/** What a version that was replaced takes: `isOwned` when somebody who bought it holds a live right to it. */
export async function findReplacedFile(
  tx: Queryable,
  id: FileId,
): Promise<{ readonly sizeBytes: bigint; readonly isOwned: boolean } | undefined> {
  const { rows } = await tx.query<{ sizeBytes: bigint; isOwned: boolean }>(
    `select f.size_bytes as "sizeBytes",
            exists (select from entitlements e
                      join orders o on o.id = e.order_id
                     where o.file_id = f.id and e.ended_at is null) as "isOwned"
       from product_files f
      where f.id = $1`,
    [id],
  )
  return rows[0]
}

/** What the quota held for it, or undefined when it is not ours to refuse. */
export async function markFileRejected(
  tx: Queryable,
  { id, attempt }: FileClaim,
  reason: FileRefusal | 'deleted',
): Promise<{ readonly reservedBytes: bigint; readonly objectKey: string } | undefined> {
  const { rows } = await tx.query<{ reservedBytes: bigint; objectKey: string }>(
    `with held as (select id, reserved_bytes from product_files where id = $1 for update)
     update product_files f
        set state = 'rejected', reject_reason = $3, reserved_bytes = 0, lease_until = null
       from held
      where f.id = held.id
        and f.attempts = $2
        and f.state in ('uploading', 'verifying')
  returning held.reserved_bytes as "reservedBytes", f.object_key as "objectKey"`,
    [id, attempt, reason],
  )
  return rows[0]
}

/** The product waits for another file; one that was being published is a draft again. */
export async function dropNextFile(tx: Queryable, productId: ProductId, id: FileId): Promise<void> {
  await tx.query(
    `update products
        set next_file_id = null, status = case status when 'processing' then 'draft' else status end
      where id = $1
        and next_file_id = $2`,
    [productId, id],
  )
}
