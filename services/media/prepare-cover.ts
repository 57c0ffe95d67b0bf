import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Logger } from 'pino'
import { mediaLease } from '../../shared/db/media-lease.ts'
import { queueRemovals } from '../../shared/db/object-removals.ts'
import { type Database } from '../../shared/db/pool.ts'
import {
  claimImage,
  type ClaimedImage,
  findImageState,
  type PreparedImage,
  releaseImage,
  renewImageLease,
} from '../../shared/db/sent-images.ts'
import { coverLimits } from '../../shared/domain/cover-rules.ts'
import { type ImageId } from '../../shared/domain/ids.ts'
import { type CoverRefusal } from '../../shared/domain/notice.ts'
import { imageKey, imageObjects } from '../../shared/domain/object-key.ts'
import { type CoverReceived } from '../../shared/events/index.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { type Telegram } from '../../shared/telegram/client.ts'
import { isRefused } from '../../shared/telegram/errors.ts'
import { refuseCover, showCover } from './close-cover.ts'
import { expectRoom } from './fetch-chat-file.ts'
import { type CopyDeps, storeCopy } from './keep-copies.ts'
import { laterOr } from './later-or.ts'
import { renderCover, type RenderedCover } from './render-cover.ts'
import { workUnderLease } from './work-under-lease.ts'

export type PrepareCoverDeps = CopyDeps & {
  readonly db: Database
  readonly telegram: Pick<Telegram, 'download'>
  readonly log: Logger
  readonly temporaryDir: string
}

const heldPauseMs = 5_000

/**
 * Makes cover and thumbnail of a picture that was sent, and shows them once both lie verified on the disk and in the bucket.
 * Repeated, it makes the same bytes under the same keys.
 */
export async function prepareCover(
  deps: PrepareCoverDeps,
  { imageId }: CoverReceived,
  signal: AbortSignal,
): Promise<void> {
  const image = await claimImage(deps.db, imageId)
  if (image === undefined) return leaveNothing(deps, imageId)
  if (image === 'held') throw new RetryLater(heldPauseMs, 'somebody else works on this picture')
  try {
    await failpoint('media.cover-claimed')
    const renew = (): Promise<boolean> => renewImageLease(deps.db, image)
    await workUnderLease({ everyMs: mediaLease.renewalMs, renew, signal }, (working) => prepare(deps, image, working))
  } catch (error) {
    await releaseImage(deps.db, image)
    await leaveNothing(deps, imageId, image)
    const later = laterOr(error, image.attempt)
    if (later instanceof RetryLater)
      deps.log.warn({ imageId, retryInMs: later.ms, reason: later.message }, 'a cover waits')
    throw later
  }
}

async function prepare(deps: PrepareCoverDeps, image: ClaimedImage, signal: AbortSignal): Promise<void> {
  if (image.isOverdue) return refuseCover(deps, image, 'given up')
  const sent = await fetchPicture(deps, image, signal)
  if (!Buffer.isBuffer(sent)) return refuseCover(deps, image, sent.reason)
  const picture = await renderCover(sent)
  if (picture.kind === 'refused') return refuseCover(deps, image, picture.reason)
  await failpoint('media.cover-rendered')
  const prepared = await store(deps, image, sent, picture)
  await failpoint('media.cover-stored')
  const outcome = await showCover(deps, image, prepared)
  if (outcome === 'overtaken') return leaveNothing(deps, image.id, image)
  if (outcome === 'deleted' || outcome === 'quota') return refuseCover(deps, image, outcome)
  await failpoint('media.cover-marked')
}

/** A picture that was closed while it was on its way: what was stored for it since, perhaps by somebody who died, goes. */
async function leaveNothing({ db }: PrepareCoverDeps, id: ImageId, held?: ClaimedImage): Promise<void> {
  const found = await findImageState(db, id)
  const closed = found === undefined ? held : found.state === 'rejected' ? found : undefined
  if (closed !== undefined) await queueRemovals(db, imageObjects(closed.productId, closed.id), 'rejected')
}

/** The sender's picture, whole: it is small, or refused before it is all here. */
async function fetchPicture(
  { telegram, temporaryDir }: PrepareCoverDeps,
  { id, attempt, sizeBytes, telegramFileId }: ClaimedImage,
  signal: AbortSignal,
): Promise<Buffer | { readonly reason: CoverRefusal }> {
  if (sizeBytes > BigInt(coverLimits.mostBytes)) return { reason: 'too many bytes' }
  await mkdir(temporaryDir, { recursive: true })
  await expectRoom(temporaryDir, BigInt(coverLimits.mostBytes))
  const path = join(temporaryDir, `${id}-${attempt}.part`)
  try {
    await telegram.download(telegramFileId, path, { maxBytes: coverLimits.mostBytes, signal })
    return await readFile(path)
  } catch (error) {
    if (isRefused(error, 'file refused')) return { reason: 'gone from Telegram' }
    if (isRefused(error, 'too large')) return { reason: 'too many bytes' }
    throw error
  } finally {
    await rm(path, { force: true })
  }
}

/** The sender's picture in the bucket only, the others on both sides; each is looked up again before it counts. */
async function store(
  deps: PrepareCoverDeps,
  { id, productId }: ClaimedImage,
  sent: Buffer,
  { cover, thumb, width, height, contentType }: Extract<RenderedCover, { kind: 'rendered' }>,
): Promise<PreparedImage> {
  const originalKey = imageKey(productId, id, 'original')
  const { sha256 } = await deps.bucket.put(originalKey, sent, { contentType })
  return {
    original: { key: originalKey, sha256, sizeBytes: BigInt(sent.length) },
    cover: await storeCopy(deps, imageKey(productId, id, 'cover.jpg'), cover),
    thumb: await storeCopy(deps, imageKey(productId, id, 'thumb.jpg'), thumb),
    width,
    height,
  }
}
