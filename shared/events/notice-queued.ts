import { z } from 'zod'
import { defineEvent, type PayloadOf } from './define-event.ts'
import { noticeId } from './fields.ts'

/** A person is to be told something: `bot` tells it in their language. Published by whoever wrote the notice. */
export const noticeQueued = defineEvent('notice.queued', z.object({ noticeId }))
export type NoticeQueued = PayloadOf<typeof noticeQueued>
