import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'

/** Does `work`, and renews its lease every `everyMs` meanwhile, until `renew` says that there is no lease any more. */
export async function whileRenewing<Result>(
  log: Logger,
  everyMs: number,
  renew: () => Promise<boolean>,
  work: () => Promise<Result>,
): Promise<Result> {
  const done = new AbortController()
  const renewing = keepRenewing(log, everyMs, renew, done.signal)
  try {
    return await work()
  } finally {
    done.abort()
    await renewing
  }
}

async function keepRenewing(
  log: Logger,
  everyMs: number,
  renew: () => Promise<boolean>,
  done: AbortSignal,
): Promise<void> {
  while (await elapses(everyMs, done)) {
    try {
      if (!(await renew())) return
    } catch (err) {
      log.warn({ err }, 'a lease could not be renewed; somebody else may do the same work')
    }
  }
}

/** False when `signal` was aborted before. */
const elapses = (ms: number, signal: AbortSignal): Promise<boolean> => pause(ms, true, { signal }).catch(() => false)
