import { setTimeout as sleep } from 'node:timers/promises'

export type Pace = {
  /** Waits for the next free place; `false` when that would be later than the caller can wait. */
  readonly take: (atMostMs: number) => Promise<boolean>
}

/** Spaces calls evenly, so that never more than so many start in any second. */
export function openPace(callsPerSecond: number, now: () => number = () => performance.now()): Pace {
  const spacingMs = 1000 / callsPerSecond
  let nextAt = -Infinity

  return {
    async take(atMostMs) {
      const at = Math.max(now(), nextAt)
      const waitMs = at - now()
      if (waitMs > atMostMs) return false
      nextAt = at + spacingMs
      if (waitMs > 0) await sleep(waitMs)
      return true
    },
  }
}
