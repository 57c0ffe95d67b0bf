import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'
import { type Database } from '../../../shared/db/pool.ts'
import { insertUpdates } from '../../../shared/db/telegram-updates.ts'
import { Complaint } from '../../../shared/runtime/complaint.ts'
import { isRefused } from '../../../shared/telegram/errors.ts'
import { type Telegram } from '../../../shared/telegram/client.ts'
import { allowedUpdates, toKeep } from './keep.ts'

const longPollSeconds = 25
const pauseMs = 1_000
// the older poll of two is the one that gets the conflict: whoever it is steps back long enough to be overtaken
const conflictPauseMs = 5_000

export type PollDeps = { readonly db: Database; readonly telegram: Telegram; readonly log: Logger }

/** Asks Telegram for updates until stopped. An update is confirmed to Telegram only once it is kept. */
export async function pollUpdates({ db, telegram, log }: PollDeps, stopping: AbortSignal): Promise<void> {
  const complaint = new Complaint(log)
  let offset = 0
  let isWebhookGone = false
  while (!stopping.aborted) {
    try {
      if (!isWebhookGone) await removeWebhook(telegram, stopping)
      isWebhookGone = true
      const updates = await telegram.getUpdates(offset, longPollSeconds, stopping, allowedUpdates)
      await insertUpdates(db, telegram.botId, updates.map(toKeep))
      offset = updates.reduce((_, { update_id: id }) => id + 1, offset)
      complaint.over('telegram sends updates again')
    } catch (error) {
      if (stopping.aborted) return
      isWebhookGone = !isRefused(error, 'conflict')
      complaint.about(error, isWebhookGone ? 'cannot fetch updates' : 'somebody else fetches the updates of this bot')
      await pauseUnless(stopping, isWebhookGone ? pauseMs : conflictPauseMs)
    }
  }
}

/** While a webhook is set Telegram answers no poll. What waits there is not dropped: it comes with the first poll. */
const removeWebhook = (telegram: Telegram, signal: AbortSignal): Promise<unknown> =>
  telegram.call('deleteWebhook', { drop_pending_updates: false }, { signal })

async function pauseUnless(stopping: AbortSignal, ms: number): Promise<void> {
  await pause(ms, undefined, { signal: stopping }).catch(() => undefined)
}
