import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'
import { type Database } from '../../../shared/db/pool.ts'
import { insertUpdates } from '../../../shared/db/telegram-updates.ts'
import { Complaint } from '../../../shared/runtime/complaint.ts'
import { isRefused } from '../../../shared/telegram/errors.ts'
import { type Telegram } from '../../../shared/telegram/client.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { type Update } from '../../../shared/telegram/message.ts'
import { inTime } from '../../../shared/runtime/in-time.ts'
import { allowedUpdates, toKeep } from './keep.ts'

const longPollSeconds = 25
const failurePauseMs = 1_000
// the older poll of two is the one that gets the conflict: whoever it is steps back long enough to be overtaken
const conflictPauseMs = 5_000
// a poll with the longest pause Telegram may ask for; one that hangs longer must not be the last one
const pollWithinMs = 150_000

export type PollDeps = { readonly db: Database; readonly telegram: Telegram; readonly log: Logger }

/** Asks Telegram for updates until stopped. An update is confirmed to Telegram only once it is kept. */
export async function pollUpdates(deps: PollDeps, stopping: AbortSignal): Promise<void> {
  const complaint = new Complaint(deps.log)
  const poll: Poll = { offset: 0, isWebhookGone: false }
  for (;;) {
    const pauseMs = await pollOnce(deps, poll, complaint, stopping)
    if (stopping.aborted) return
    if (pauseMs > 0) await pause(pauseMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}

type Poll = { offset: number; isWebhookGone: boolean }

/** How long to wait before the next poll. */
async function pollOnce(deps: PollDeps, poll: Poll, complaint: Complaint, stopping: AbortSignal): Promise<number> {
  const { telegram } = deps
  try {
    if (!poll.isWebhookGone) await removeWebhook(telegram, stopping)
    poll.isWebhookGone = true
    const updates = await inTime(fetchOnce(deps, poll, stopping), pollWithinMs)
    poll.offset = (updates.at(-1)?.update_id ?? poll.offset - 1) + 1
    complaint.over('telegram sends updates again')
    return 0
  } catch (error) {
    if (stopping.aborted) return 0
    poll.isWebhookGone = !isRefused(error, 'conflict')
    complaint.about(
      error,
      poll.isWebhookGone ? 'cannot fetch updates' : 'somebody else fetches the updates of this bot',
    )
    return poll.isWebhookGone ? failurePauseMs : conflictPauseMs
  }
}

async function fetchOnce({ db, telegram }: PollDeps, { offset }: Poll, stopping: AbortSignal): Promise<Update[]> {
  const updates = await telegram.getUpdates(offset, longPollSeconds, stopping, allowedUpdates)
  await insertUpdates(db, telegram.botId, updates.map(toKeep))
  await failpoint('bot.update-stored')
  return updates
}

/** While a webhook is set Telegram answers no poll. What waits there is not dropped: it comes with the first poll. */
const removeWebhook = (telegram: Telegram, signal: AbortSignal): Promise<unknown> =>
  telegram.call('deleteWebhook', { drop_pending_updates: false }, { signal })
