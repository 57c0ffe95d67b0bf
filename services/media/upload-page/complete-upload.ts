import { type UploadLink } from '../../../shared/db/upload-links.ts'
import { findUploadSession, type UploadSession } from '../../../shared/db/upload-sessions.ts'
import { markCompleting } from '../../../shared/db/upload-steps.ts'
import { bytesOfPart, partCount } from '../../../shared/domain/upload.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { UploadMissing } from '../../../shared/storage/errors.ts'
import { type ObjectStore, type UploadedPart } from '../../../shared/storage/object-store.ts'
import { type Finished, finishUpload, type FinishUploadDeps } from './finish-upload.ts'
import { refusals } from './refusals.ts'

export type SentPart = Pick<UploadedPart, 'number' | 'etag'>

export type Completion = { readonly id: string; readonly parts: readonly SentPart[]; readonly sha256: string }

/** All parts were sent: compares them with what the bucket has, and makes them a file. Asked again it answers the same. */
export async function completeUpload(deps: FinishUploadDeps, link: UploadLink, sent: Completion): Promise<void> {
  const session = await findUploadSession(deps.db, link, sent.id)
  switch (session?.state) {
    case undefined:
      throw refusals.not_found()
    case 'received':
      return
    case 'completing':
      answer(await finishUpload(deps, session))
      return
    case 'aborted':
    case 'expired':
      throw refusals.gone()
    case 'open':
      await checkParts(deps.bucket, session, sent.parts)
      await markCompleting(deps.db, session.id, sent.sha256)
      await failpoint('media.upload-completing')
      return completeUpload(deps, link, sent) // its state says who was faster
  }
}

/** The bucket's own list decides: every part must be there, as it was sent and as large as it must be. */
async function checkParts(bucket: ObjectStore, session: UploadSession, sent: readonly SentPart[]): Promise<void> {
  const arrived = new Map((await partsOf(bucket, session)).map((part) => [part.number, part]))
  const etags = new Map(sent.map(({ number, etag }) => [number, etag]))
  const numbers = Array.from({ length: partCount(session) }, (_, index) => index + 1)
  const missing = numbers.filter((number) => {
    const part = arrived.get(number)
    return part === undefined || part.etag !== etags.get(number)
  })
  if (missing.length > 0) throw refusals.missing_parts(missing)
  const isWrong = numbers.some((number) => arrived.get(number)?.sizeBytes !== bytesOfPart(session, number))
  if (isWrong || arrived.size !== numbers.length || etags.size !== numbers.length) throw refusals.size_mismatch()
}

/** The parts that arrived; none for an upload the bucket does not know. */
export async function partsOf(
  bucket: ObjectStore,
  { objectKey, uploadId }: UploadSession,
): Promise<readonly UploadedPart[]> {
  if (uploadId === null) return []
  try {
    return await bucket.listParts({ key: objectKey, uploadId })
  } catch (error) {
    if (error instanceof UploadMissing) return []
    throw error
  }
}

function answer(finished: Finished): void {
  switch (finished.kind) {
    case 'received':
      return
    case 'size mismatch':
      throw refusals.size_mismatch()
    case 'busy':
      throw refusals.storage_busy()
    case 'lost':
      throw refusals.gone()
    case 'not found':
      throw refusals.not_allowed()
    case 'refused':
      throw finished.reason === 'too soon'
        ? refusals.too_soon()
        : finished.reason === 'too many versions'
          ? refusals.too_many_versions()
          : refusals.unsupported_type()
  }
}
