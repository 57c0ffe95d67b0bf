import {
  listStandingFiles,
  listStandingImages,
  takeStandingFiles,
  takeStandingImages,
} from '../../../shared/db/chores/ring-media.ts'
import { countForgottenNotices, takeForgottenNotices } from '../../../shared/db/notices.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { coverReceived, fileReceived, noticeQueued } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, onlyFound, seconds } from '../chore.ts'

/** What sellers sent and what people are to be told must not stand still, whatever became of the bell for it. */
export const ringMedia: Chore = {
  name: 'ring-media',
  when: { everyMs: seconds(30) },
  does: 'asks again for files, covers and notices that stand still',
  run: async (deps, found) => {
    let changed = 0
    for (const ring of [ringFiles, ringCovers, ringNotices]) {
      const report = await inBatches(deps, 100, (size) => inTransaction(deps.db, (tx) => ring(tx, size, found)))
      changed += report.changed
    }
    return { checked: changed, changed, failed: 0 }
  },
  preview: async ({ db }: ChoreDeps, found) => {
    const files = await listStandingFiles(db, 10_000)
    const images = await listStandingImages(db, 10_000)
    const notices = await countForgottenNotices(db)
    for (const id of files) found(`file ${id}`)
    for (const id of images) found(`cover ${id}`)
    if (notices > 0) found(`${notices} notices`)
    return onlyFound(files.length + images.length + notices)
  },
}

async function ringFiles(tx: Queryable, size: number, found: Found): Promise<number> {
  const files = await takeStandingFiles(tx, size)
  for (const fileId of files) {
    found(`file ${fileId}`)
    await enqueue(tx, fileReceived, fileId, { fileId })
  }
  return files.length
}

async function ringCovers(tx: Queryable, size: number, found: Found): Promise<number> {
  const images = await takeStandingImages(tx, size)
  for (const imageId of images) {
    found(`cover ${imageId}`)
    await enqueue(tx, coverReceived, imageId, { imageId })
  }
  return images.length
}

async function ringNotices(tx: Queryable, size: number, found: Found): Promise<number> {
  const notices = await takeForgottenNotices(tx, size)
  for (const noticeId of notices) await enqueue(tx, noticeQueued, noticeId, { noticeId })
  if (notices.length > 0) found(`${notices.length} notices`)
  return notices.length
}
