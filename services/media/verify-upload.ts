import { type Logger } from 'pino'
import { mediaLease } from '../../shared/db/media-lease.ts'
import { queueRemovals } from '../../shared/db/object-removals.ts'
import { type Database } from '../../shared/db/pool.ts'
import {
  claimFile,
  type ClaimedFile,
  findFileObject,
  markFileStored,
  markFileUnstored,
  releaseFile,
  renewFileLease,
} from '../../shared/db/verify-files.ts'
import { type FileId } from '../../shared/domain/ids.ts'
import { type FileReceived } from '../../shared/events/index.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { ObjectMissing } from '../../shared/storage/errors.ts'
import { type Digest, type ObjectStore } from '../../shared/storage/object-store.ts'
import { type Telegram } from '../../shared/telegram/client.ts'
import { buildPreview } from './build-preview.ts'
import { acceptFile, refuseFile } from './close-file.ts'
import { DiskFull, fetchChatFile } from './fetch-chat-file.ts'
import { laterOr } from './later-or.ts'
import { inspectFile } from './inspect-file.ts'
import { type PageTool } from './render-preview.ts'
import { workUnderLease } from './work-under-lease.ts'

export type VerifyUploadDeps = {
  readonly db: Database
  readonly bucket: Pick<ObjectStore, 'put' | 'digest' | 'readRange' | 'download'>
  readonly telegram: Pick<Telegram, 'download'>
  readonly log: Logger
  readonly temporaryDir: string
  readonly pageTool: PageTool | undefined
}

const heldPauseMs = 5_000

/**
 * Carries a file that was sent from wherever it is to `ready` or `rejected`. Every step may be repeated, and ends in a
 * guarded change of the row: whoever is overtaken changes nothing.
 */
export async function verifyUpload(
  deps: VerifyUploadDeps,
  { fileId }: FileReceived,
  signal: AbortSignal,
): Promise<void> {
  const file = await claimFile(deps.db, fileId)
  if (file === undefined) return leaveNothing(deps, fileId)
  if (file === 'held') throw new RetryLater(heldPauseMs, 'somebody else works on this file')
  try {
    await failpoint('media.file-claimed')
    await workUnderLease(
      { everyMs: mediaLease.renewalMs, renew: () => renewFileLease(deps.db, file), signal },
      (working) => advance(deps, file, working),
    )
  } catch (error) {
    await releaseFile(deps.db, file)
    await leaveNothing(deps, fileId, file)
    if (error instanceof DiskFull) await alertOfFullDisk(deps, error)
    const later = laterOr(error, file.attempt)
    if (later instanceof RetryLater)
      deps.log.warn({ fileId, retryInMs: later.ms, reason: later.message }, 'a file waits')
    throw later
  }
}

async function advance(deps: VerifyUploadDeps, file: ClaimedFile, signal: AbortSignal): Promise<void> {
  if (file.isOverdue) return refuseFile(deps, file, 'given up')
  if (file.state === 'verifying') return verify(deps, file, file.sha256, signal)
  if (file.telegramFileId === null) throw new Error(`Expected file ${file.id} to name a file of the chat, it does not`)
  const fetched = await fetchChatFile(deps, { ...file, telegramFileId: file.telegramFileId }, signal)
  if (fetched.kind === 'refused') return refuseFile(deps, file, fetched.reason)
  await failpoint('media.file-stored')
  if (!(await markFileStored(deps.db, file, fetched.object))) return leaveNothing(deps, file.id, file)
  await failpoint('media.file-recorded')
  await verify(deps, file, fetched.object.sha256, signal)
}

/** Reads back every byte, compares them with what was sent, and looks at what they are. */
async function verify(
  deps: VerifyUploadDeps,
  file: ClaimedFile,
  sha256: string | null,
  signal: AbortSignal,
): Promise<void> {
  const digest = await digestOrMissing(deps, file, signal)
  if (digest === undefined) return sendAgain(deps, file)
  const isSame = BigInt(digest.sizeBytes) === file.sizeBytes && (sha256 === null || sha256 === digest.sha256)
  if (!isSame) return refuseFile(deps, file, 'damaged on the way')
  const inspected = await inspectFile(deps.bucket, file, signal)
  await failpoint('media.file-inspected')
  if (inspected.kind === 'fine') {
    const { hasExecutables, entries } = inspected
    const preview = await buildPreview(deps, { ...file, verifiedSha256: digest.sha256 }, entries, signal)
    signal.throwIfAborted()
    const isOurs = await acceptFile(deps, file, { ...digest, hasExecutables, preview })
    if (!isOurs) await leaveNothing(deps, file.id, file)
  } else {
    deps.log.info({ fileId: file.id, reason: inspected.reason, what: inspected.what }, 'file.refused')
    await refuseFile(deps, file, inspected.reason)
  }
}

async function digestOrMissing(
  { bucket }: VerifyUploadDeps,
  { objectKey }: ClaimedFile,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  try {
    return await bucket.digest(objectKey, { signal })
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined
    throw error
  }
}

/** What was put into the bucket is not there: Telegram has a file of the chat still, a file of the page only its sender. */
async function sendAgain(deps: VerifyUploadDeps, file: ClaimedFile): Promise<void> {
  if (file.source === 'page') return refuseFile(deps, file, 'damaged on the way')
  await markFileUnstored(deps.db, file)
  throw new RetryLater(1_000, 'the object is gone and is fetched again')
}

/** A file that was closed while it was on its way: what was stored for it since, perhaps by somebody who died, goes. */
async function leaveNothing({ db }: VerifyUploadDeps, id: FileId, held?: ClaimedFile): Promise<void> {
  const found = await findFileObject(db, id)
  const closed = found === undefined ? held : found.isRejected ? found : undefined
  if (closed !== undefined) await queueRemovals(db, [closed], 'rejected')
}

const alertOfFullDisk = ({ db }: VerifyUploadDeps, error: DiskFull): Promise<void> =>
  alertAdmins(db, 'disk:media', { about: 'full disk', reason: error.reason }, { ref: '' })
