import { isDatabaseAway } from '../../../shared/db/pool.ts'
import { isRefused, TelegramBusy, TelegramUnreachable } from '../../../shared/telegram/errors.ts'

const second = 1000
const pausesMs = [1, 2, 5, 10, 20].map((seconds) => seconds * second)
const longestPauseMs = 30 * second

/** A fault of ours does not go away by itself; an outage does, usually within minutes. */
const mostTries = { fault: 5, outage: 30 }

export type Retry = { readonly kind: 'later'; readonly pauseMs: number } | { readonly kind: 'give up' }

/** A token that is refused is the operator's to change: what people sent waits for that as for anything else that is away. */
const isOutage = (error: unknown): boolean =>
  error instanceof TelegramBusy ||
  error instanceof TelegramUnreachable ||
  isRefused(error, 'not authorised') ||
  isDatabaseAway(error)

/** What becomes of an update whose n-th try (1 = the first) failed. */
export function nextTry(error: unknown, tries: number): Retry {
  if (tries >= (isOutage(error) ? mostTries.outage : mostTries.fault)) return { kind: 'give up' }
  if (error instanceof TelegramBusy) return { kind: 'later', pauseMs: Math.max(error.retryAfterMs, second) }
  return { kind: 'later', pauseMs: pausesMs[tries - 1] ?? longestPauseMs }
}

/** Taken so often without an end, it may be what kills the process: it is not even begun again. */
export const isWornOut = (tries: number): boolean => tries > mostTries.outage
