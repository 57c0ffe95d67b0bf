import { type Database } from '../../../shared/db/pool.ts'
import { type UploadSession } from '../../../shared/db/upload-sessions.ts'
import { renewUpload } from '../../../shared/db/upload-steps.ts'
import { bytesOfPart } from '../../../shared/domain/upload.ts'
import { type ObjectStore } from '../../../shared/storage/object-store.ts'
import { refusals } from './refusals.ts'

export type SignedPart = { readonly number: number; readonly url: string; readonly expires_at: string }

const lifeSeconds = 3_600

/** Addresses the page may send parts to for an hour. Asking for them shows that the upload goes on. */
export async function signParts(
  { db, bucket }: { readonly db: Database; readonly bucket: ObjectStore },
  session: UploadSession,
  numbers: readonly number[],
): Promise<SignedPart[]> {
  const { objectKey: key, uploadId } = session
  if (uploadId === null || !(await renewUpload(db, session.id))) throw refusals.gone()
  const expiresAt = new Date(Date.now() + lifeSeconds * 1_000).toISOString()
  return Promise.all(
    [...new Set(numbers)].map(async (number) => {
      const part = { partNumber: number, sizeBytes: bytesOfPart(session, number), expiresInSeconds: lifeSeconds }
      return { number, url: await bucket.signPart({ key, uploadId }, part), expires_at: expiresAt }
    }),
  )
}
