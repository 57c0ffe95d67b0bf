import { backupsPrefix } from '../../../shared/backup/kept-backups.ts'
import { type ChoreReport } from '../../../shared/db/chore-runs.ts'
import {
  findLiveMultiparts,
  listExpiredUploads,
  listUnfreedUploads,
  lockExpiredUploads,
  type UnfreedUpload,
} from '../../../shared/db/chores/abandoned-uploads.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { closeUpload, forgetMultipart } from '../../../shared/db/upload-steps.ts'
import { type UploadSession } from '../../../shared/db/upload-sessions.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { type UnfinishedUpload } from '../../../shared/storage/object-store.ts'
import { type Chore, type ChoreDeps, type Found, hours, inBatches, onlyFound } from '../chore.ts'

const batch = 100
const prefixes = ['originals/', backupsPrefix]
/** No upload lives longer than 48 h, and no backup takes a day, so whatever the bucket keeps longer without a row belongs to nobody. */
const nobodysAfterMs = hours(49)

/** Uploads nobody goes on with end: their room is free again, and the bucket keeps none of their parts. */
export const abortAbandonedUploads: Chore = {
  name: 'abort-abandoned-uploads',
  when: { everyMs: hours(6) },
  does: 'ends uploads past their time, and frees their room and their parts',
  run: async (deps, found) => {
    const { changed: expired } = await inBatches(deps, batch, (size) => expireBatch(deps, size, found))
    const freed = await freeParts(deps, found)
    const nobodys = await abortNobodys(deps, found)
    const changed = expired + freed.changed + nobodys.changed
    const failed = freed.failed + nobodys.failed
    return { checked: changed + failed, changed, failed }
  },
  preview: async (deps, found) => {
    const expired = await listExpiredUploads(deps.db, 10_000)
    for (const session of expired) found(describeExpired(session))
    const unfreed = [
      ...(await listUnfreedUploads(deps.db, undefined, 10_000)),
      ...expired.flatMap(({ id, objectKey, uploadId }) =>
        uploadId === null ? [] : [{ id, key: objectKey, uploadId }],
      ),
    ]
    for (const upload of unfreed) found(describeFreed(upload))
    let nobodys = 0
    for await (const upload of listNobodys(deps)) {
      if (unfreed.some(({ uploadId }) => uploadId === upload.uploadId)) continue
      found(describeNobodys(upload))
      nobodys += 1
    }
    return onlyFound(expired.length + unfreed.length + nobodys)
  },
}

const describeExpired = ({ id, productId, sizeBytes }: UploadSession): string =>
  `upload ${id} of product ${productId} expires, ${sizeBytes} bytes of room are free`
const describeFreed = ({ id }: UnfreedUpload): string => `parts of upload ${id}`
const describeNobodys = ({ key }: UnfinishedUpload): string => `parts of ${key} that belong to no upload`

async function expireBatch({ db }: ChoreDeps, size: number, found: Found): Promise<number> {
  const count = await inTransaction(db, async (tx) => {
    const expired = await lockExpiredUploads(tx, size)
    for (const session of expired) {
      if (await closeUpload(tx, session, { from: 'open', to: 'expired' })) found(describeExpired(session))
    }
    return expired.length
  })
  await failpoint('janitor.upload-expired')
  return count
}

type Outcome = Pick<ChoreReport, 'changed' | 'failed'>

async function freeParts(deps: ChoreDeps, found: Found): Promise<Outcome> {
  const outcome = { changed: 0, failed: 0 }
  let last: UnfreedUpload | undefined
  do {
    const unfreed = await listUnfreedUploads(deps.db, last?.id, batch)
    for (const upload of unfreed) {
      const isFree = await attempt(deps, upload)
      await failpoint('janitor.parts-freed')
      if (isFree) await forgetMultipart(deps.db, upload.id)
      if (isFree) found(describeFreed(upload))
      outcome[isFree ? 'changed' : 'failed'] += 1
      if (deps.signal.aborted) return outcome
    }
    last = unfreed.length < batch ? undefined : unfreed.at(-1)
  } while (last !== undefined)
  return outcome
}

async function abortNobodys(deps: ChoreDeps, found: Found): Promise<Outcome> {
  const outcome = { changed: 0, failed: 0 }
  for await (const upload of listNobodys(deps)) {
    const isFree = await attempt(deps, upload)
    if (isFree) found(describeNobodys(upload))
    outcome[isFree ? 'changed' : 'failed'] += 1
    if (deps.signal.aborted) break
  }
  return outcome
}

async function attempt({ bucket, log }: ChoreDeps, upload: UnfreedUpload | UnfinishedUpload): Promise<boolean> {
  try {
    await bucket.abortMultipart(upload)
    return true
  } catch (err) {
    log.warn({ err, key: upload.key }, 'the bucket did not free the parts of an upload; it is asked again next time')
    return false
  }
}

/** What the bucket keeps for uploads no row knows: their process died between asking the bucket and writing it down. */
async function* listNobodys({ db, bucket }: ChoreDeps): AsyncGenerator<UnfinishedUpload> {
  let old: UnfinishedUpload[] = []
  for (const prefix of prefixes) {
    for await (const upload of bucket.listMultiparts(prefix)) {
      const ageMs = Date.now() - (upload.begunAt?.getTime() ?? Date.now())
      if (ageMs > nobodysAfterMs) old.push(upload)
      if (old.length < batch) continue
      yield* await notLive({ db }, old)
      old = []
    }
  }
  yield* await notLive({ db }, old)
}

async function notLive({ db }: Pick<ChoreDeps, 'db'>, uploads: readonly UnfinishedUpload[]) {
  const live = await findLiveMultiparts(
    db,
    uploads.map(({ uploadId }) => uploadId),
  )
  return uploads.filter(({ uploadId }) => !live.has(uploadId))
}
