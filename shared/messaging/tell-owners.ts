import { insertNoticesForOwners } from '../db/notices.ts'
import { type Queryable } from '../db/pool.ts'
import { type Notice } from '../domain/notice.ts'
import { noticeQueued } from '../events/index.ts'
import { enqueue } from './outbox.ts'

/** Has everybody who holds a live right to a product told of its new version, each once. */
export async function tellOwners(tx: Queryable, notice: Extract<Notice, { kind: 'new version' }>): Promise<void> {
  for (const noticeId of await insertNoticesForOwners(tx, notice)) {
    await enqueue(tx, noticeQueued, noticeId, { noticeId })
  }
}
