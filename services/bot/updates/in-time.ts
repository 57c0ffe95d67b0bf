import { setTimeout as pause } from 'node:timers/promises'

/** Waits for work that should have an end of its own, and stops waiting when it has none. */
export async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const done = new AbortController()
  const late = pause(ms, undefined, { signal: done.signal }).then(() => {
    throw new Error(`Expected this to be over within ${ms} ms`)
  })
  late.catch(() => undefined) // aborted when the work is over
  try {
    return await Promise.race([work, late])
  } finally {
    done.abort()
  }
}
