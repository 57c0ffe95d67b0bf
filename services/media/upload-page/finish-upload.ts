import { type Logger } from 'pino'
import { type Database, inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { queueRemovals } from '../../../shared/db/object-removals.ts'
import { type UploadSession } from '../../../shared/db/upload-sessions.ts'
import { closeUpload, takeStuckUpload } from '../../../shared/db/upload-steps.ts'
import { partCount } from '../../../shared/domain/upload.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { type ReceivedFile, receivePageFile } from '../../../shared/messaging/receive-file.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { UploadMissing } from '../../../shared/storage/errors.ts'
import { type ObjectHead, type ObjectStore } from '../../../shared/storage/object-store.ts'

export type FinishUploadDeps = { readonly db: Database; readonly bucket: ObjectStore; readonly log: Logger }

/** What became of an upload. `lost`: the bucket has neither its parts nor the file, and has had time to find them. */
export type Finished = ReceivedFile | { readonly kind: 'busy' | 'lost' | 'size mismatch' }

/** While a bucket joins parts for another caller, it may show neither them nor the file. */
const joiningMs = 15 * 60_000

/**
 * Joins the parts and hands the file over. Every step may be repeated, by the page, by the sweep and by both at once:
 * what is in the bucket says how far it came.
 */
export async function finishUpload(deps: FinishUploadDeps, session: UploadSession): Promise<Finished> {
  const head = await joinParts(deps.bucket, session)
  if (head === undefined) {
    return session.idleMs < joiningMs ? { kind: 'busy' } : abandon(deps, session, { kind: 'lost' })
  }
  if (BigInt(head.sizeBytes) !== session.sizeBytes) return abandon(deps, session, { kind: 'size mismatch' })
  await failpoint('media.upload-joined')
  const received = await inTransaction(deps.db, (tx) => handOver(tx, session))
  await failpoint('media.upload-received')
  deps.log.info({ sessionId: session.id, productId: session.productId, received: received.kind }, 'upload complete')
  return received
}

/** The file as the bucket has it, made of its parts unless it was before. */
async function joinParts(bucket: ObjectStore, session: UploadSession): Promise<ObjectHead | undefined> {
  const joined = await bucket.head(session.objectKey)
  if (joined !== undefined || session.uploadId === null) return joined
  const upload = { key: session.objectKey, uploadId: session.uploadId }
  try {
    const parts = await bucket.listParts(upload)
    return await bucket.completeMultipart(
      upload,
      parts.filter(({ number }) => number <= partCount(session)),
    )
  } catch (error) {
    if (error instanceof UploadMissing) return bucket.head(session.objectKey) // another was faster, or it is gone
    throw error
  }
}

async function handOver(tx: Queryable, session: UploadSession): Promise<ReceivedFile> {
  const { id, sellerId, productId, fileId } = session
  const received = await receivePageFile(tx, { sessionId: id })
  if (received.kind === 'received') {
    await notify(tx, sellerId, fileId, { kind: 'file received', productId, fileId })
  } else {
    await giveUp(tx, session)
  }
  return received
}

async function abandon(deps: FinishUploadDeps, session: UploadSession, finished: Finished): Promise<Finished> {
  deps.log.warn({ sessionId: session.id, productId: session.productId, what: finished.kind }, 'upload given up')
  await inTransaction(deps.db, (tx) => giveUp(tx, session))
  return finished
}

/** Nobody will ask for this object, whoever closed the upload: its key is used once. */
async function giveUp(tx: Queryable, session: UploadSession): Promise<void> {
  await closeUpload(tx, session, { from: 'completing', to: 'aborted' })
  await queueRemovals(tx, [session], 'rejected')
}

/** Finishes an upload whose process died while it joined the parts; answers with how many there were. */
export async function finishStuckUpload(deps: FinishUploadDeps): Promise<number> {
  const stuck = await takeStuckUpload(deps.db)
  if (stuck === undefined) return 0
  await finishUpload(deps, stuck)
  return 1
}
