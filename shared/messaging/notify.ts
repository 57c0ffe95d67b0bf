import { insertNotice } from '../db/notices.ts'
import { type Queryable } from '../db/pool.ts'
import { type PersonId } from '../domain/ids.ts'
import { type Notice } from '../domain/notice.ts'
import { noticeQueued } from '../events/index.ts'
import { mailNotice } from './mail-notice.ts'
import { enqueue } from './outbox.ts'

/**
 * Has a person told of something in the chat, and by mail if that kind is mailed, in the transaction of its cause; once per
 * kind and subject, however often it is asked.
 */
export async function notify(tx: Queryable, person: PersonId, subject: string, notice: Notice): Promise<void> {
  const noticeId = await insertNotice(tx, person, subject, notice)
  if (noticeId === undefined) return
  await enqueue(tx, noticeQueued, noticeId, { noticeId })
  await mailNotice(tx, person, subject, notice)
}
