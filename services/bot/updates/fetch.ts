import { type Logger } from 'pino'
import { type Database } from '../../../shared/db/pool.ts'
import { withSessionLock } from '../../../shared/db/session-lock.ts'
import { type WebhookConfig } from '../../../shared/runtime/settings.ts'
import { type Telegram } from '../../../shared/telegram/client.ts'
import { persist } from '../persist.ts'
import { allowedUpdates } from './keep.ts'
import { pollUpdates } from './poll.ts'

export type FetchDeps = { readonly db: Database; readonly telegram: Telegram; readonly log: Logger }

/** Has updates come in, by webhook or by asking, until the service stops. */
export function fetchUpdates(
  deps: FetchDeps,
  webhook: WebhookConfig | undefined,
  stopping: AbortSignal,
): Promise<void> {
  const { db, telegram, log } = deps
  if (webhook !== undefined)
    return persist('set the webhook', () => setWebhook(telegram, webhook, stopping), log, stopping)
  // Telegram answers one poller at a time: of several bots one asks, the others wait for its lock
  const name = `telegram updates of ${telegram.botId}`
  return withSessionLock(db, { name, stopping }, (held) => pollUpdates(deps, held))
}

const setWebhook = (telegram: Telegram, { url, secret }: WebhookConfig, signal: AbortSignal): Promise<unknown> =>
  telegram.call(
    'setWebhook',
    { url, secret_token: secret, allowed_updates: allowedUpdates, drop_pending_updates: false },
    { signal },
  )
