import { setTimeout as pause } from 'node:timers/promises'

/** The outcome of `work`, or an error when it takes longer than `ms`; the work itself goes on. */
export async function inTime<T>(ms: number, work: Promise<T>): Promise<T> {
  const done = new AbortController()
  const late = pause(ms, undefined, { signal: done.signal }).then(
    () => Promise.reject(new Error(`Expected an answer within ${ms} ms`)),
    () => work, // in time: the timer was stopped
  )
  try {
    return await Promise.race([work, late])
  } finally {
    done.abort()
  }
}
