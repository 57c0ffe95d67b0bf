import { type Logger } from 'pino'
import { lockProductToFill, newFileId } from '../../../shared/db/product-files.ts'
import { type Database, inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { reserveBytes } from '../../../shared/db/quotas.ts'
import { type UploadLink } from '../../../shared/db/upload-links.ts'
import {
  countUploadsOfDay,
  insertUploadSession,
  isUploadCompleting,
  lockOpenUpload,
  type UploadSession,
} from '../../../shared/db/upload-sessions.ts'
import { markUploadClosed, setMultipart, withdrawUpload } from '../../../shared/db/upload-steps.ts'
import { cleanFileName, type FileType, typeOf } from '../../../shared/domain/file-rules.ts'
import { originalKey } from '../../../shared/domain/object-key.ts'
import { mostUploadsADay, partBytesFor } from '../../../shared/domain/upload.ts'
import { versionLimit } from '../../../shared/messaging/receive-file.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { type ObjectStore } from '../../../shared/storage/object-store.ts'
import { type HttpError } from '../../../shared/web/errors.ts'
import { freeParts } from './free-parts.ts'
import { refusals } from './refusals.ts'

export type OpenUploadDeps = {
  readonly db: Database
  readonly bucket: ObjectStore
  readonly log: Logger
  readonly maxFileBytes: number
  /** How large the parts are; what product.md says unless told. */
  readonly partBytes?: number
}

export type FileToSend = { readonly name: string; readonly sizeBytes: number }

/**
 * Opens the way for a file: its room is held, the server names its object, and the bucket waits for its parts. An upload
 * of the same product that was under way is given up.
 */
export async function openUpload(deps: OpenUploadDeps, link: UploadLink, file: FileToSend): Promise<UploadSession> {
  const fileName = cleanFileName(file.name)
  const type = checkedType(fileName)
  if (file.sizeBytes === 0) throw refusals.empty()
  if (file.sizeBytes > deps.maxFileBytes) throw refusals.too_large()
  const sizeBytes = BigInt(file.sizeBytes)
  const partBytes = deps.partBytes ?? partBytesFor(sizeBytes)

  const opened = await inTransaction(deps.db, (tx) => reserve(tx, link, { fileName, sizeBytes, partBytes }))
  if ('refusal' in opened) throw opened.refusal
  await failpoint('media.upload-reserved')
  const { session, older } = opened
  if (older !== undefined) await freeParts(deps, older)
  await begin(deps, session, type)
  await failpoint('media.upload-opened')
  deps.log.info({ sessionId: session.id, productId: session.productId, sizeBytes }, 'upload opened')
  return session
}

function checkedType(fileName: string): FileType {
  const type = typeOf(fileName)
  if (!('refused' in type)) return type
  switch (type.refused) {
    case 'no extension':
      throw refusals.bad_name()
    case 'blocked type':
      throw refusals.blocked_type()
    case 'unsupported type':
      throw refusals.unsupported_type()
  }
}

type Reserved =
  { readonly session: UploadSession; readonly older: UploadSession | undefined } | { readonly refusal: HttpError }

type Announced = Pick<UploadSession, 'fileName' | 'sizeBytes' | 'partBytes'>

/** A refusal changes nothing: the older upload goes on. */
async function reserve(tx: Queryable, { id, sellerId, productId }: UploadLink, file: Announced): Promise<Reserved> {
  const product = await lockProductToFill(tx, sellerId, productId)
  if (product === undefined) return { refusal: refusals.not_allowed() }
  const limit = versionLimit(product)
  if (limit !== undefined) {
    return { refusal: limit === 'too soon' ? refusals.too_soon() : refusals.too_many_versions() }
  }
  const older = await lockOpenUpload(tx, productId)
  if (older === undefined && (await isUploadCompleting(tx, productId))) return { refusal: refusals.session_open() }
  if ((await countUploadsOfDay(tx, sellerId)) >= mostUploadsADay) return { refusal: refusals.too_many_uploads() }
  if (!(await reserveBytes(tx, sellerId, file.sizeBytes, older?.sizeBytes))) {
    return { refusal: refusals.quota_exceeded() }
  }
  if (older !== undefined) await markUploadClosed(tx, older.id, { from: 'open', to: 'aborted' })
  const fileId = await newFileId(tx)
  const objectKey = originalKey(productId, fileId)
  const session = await insertUploadSession(tx, { linkId: id, sellerId, productId, fileId, objectKey, ...file })
  return { session, older }
}

/** Asks the bucket to wait for parts. If it cannot, the upload was never opened, and does not count for the day. */
async function begin({ db, bucket }: OpenUploadDeps, session: UploadSession, type: FileType): Promise<void> {
  try {
    const uploadId = await bucket.createMultipart(session.objectKey, { contentType: type.contentType })
    await failpoint('media.upload-begun')
    if (await setMultipart(db, session.id, uploadId)) return
    await bucket.abortMultipart({ key: session.objectKey, uploadId })
  } catch (error) {
    await inTransaction(db, (tx) => withdrawUpload(tx, session))
    throw error
  }
  throw refusals.gone() // a newer one took its place in between
}
