import { type Queryable } from '../db/pool.ts'
import {
  advanceAnnouncement,
  type Announcement,
  deleteAnnouncement,
  insertAnnouncement,
  insertNoticesForOwners,
  lockAnnouncement,
} from '../db/version-announcements.ts'
import { type Notice } from '../domain/notice.ts'
import { noticeQueued } from '../events/index.ts'
import { enqueue } from './outbox.ts'

/** So many people are told in one transaction. */
const batch = 100

/**
 * Has everybody who holds a live right to a product told of its new version, each once: the first of them in this
 * transaction, all others by the janitor, who goes on where the last one stopped.
 */
export async function tellOwners(tx: Queryable, notice: Extract<Notice, { kind: 'new version' }>): Promise<void> {
  await insertAnnouncement(tx, notice)
  const announcement = await lockAnnouncement(tx, notice.fileId)
  if (announcement !== undefined) await tellNext(tx, announcement)
}

/** Tells the next owners of the oldest announcement; how many were looked at, undefined when there is no announcement. */
export async function tellMoreOwners(tx: Queryable): Promise<number | undefined> {
  const announcement = await lockAnnouncement(tx)
  return announcement === undefined ? undefined : tellNext(tx, announcement)
}

async function tellNext(tx: Queryable, announcement: Announcement): Promise<number> {
  const { noticeIds, upTo, count } = await insertNoticesForOwners(tx, announcement, batch)
  for (const noticeId of noticeIds) await enqueue(tx, noticeQueued, noticeId, { noticeId })
  if (upTo === null || count < batch) await deleteAnnouncement(tx, announcement.fileId)
  else await advanceAnnouncement(tx, announcement.fileId, upTo)
  return count
}
