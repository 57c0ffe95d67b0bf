import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { StorageRefused, StorageUnavailable } from '../../shared/storage/errors.ts'
import { TelegramBusy, TelegramUnreachable } from '../../shared/telegram/errors.ts'

/** What passes by itself is waited for, ever longer; a configuration the operator puts right as well. */
export function laterOr(error: unknown, attempt: number): unknown {
  const pauseMs = Math.min(600_000, 2_000 * 2 ** Math.min(attempt, 10))
  if (error instanceof TelegramBusy) return new RetryLater(Math.max(error.retryAfterMs, 1_000), error.message)
  const isPassing =
    error instanceof StorageUnavailable || error instanceof StorageRefused || error instanceof TelegramUnreachable
  return isPassing ? new RetryLater(pauseMs, error.message) : error
}
