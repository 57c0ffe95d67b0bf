import { type Logger } from 'pino'
import { type Database } from '../../../shared/db/pool.ts'
import { type UploadSession } from '../../../shared/db/upload-sessions.ts'
import { forgetMultipart } from '../../../shared/db/upload-steps.ts'
import { StorageRefused, StorageUnavailable } from '../../../shared/storage/errors.ts'
import { type ObjectStore } from '../../../shared/storage/object-store.ts'

export type FreePartsDeps = { readonly db: Database; readonly bucket: ObjectStore; readonly log: Logger }

/** Frees the parts of an upload that is over. What the bucket does not do now, the janitor asks for again. */
export async function freeParts({ db, bucket, log }: FreePartsDeps, session: UploadSession): Promise<void> {
  if (session.uploadId === null) return
  try {
    await bucket.abortMultipart({ key: session.objectKey, uploadId: session.uploadId })
  } catch (err) {
    if (!(err instanceof StorageUnavailable || err instanceof StorageRefused)) throw err
    log.warn({ err, sessionId: session.id }, 'the parts of an upload that is over wait to be freed')
    return
  }
  await forgetMultipart(db, session.id)
}
