import { setTimeout as pause } from 'node:timers/promises'

const tooLate = (ms: number) => (): Error => new Error(`Expected this to be over within ${ms} ms`)

/** The outcome of `work`, or the error of `late` when it takes longer than `ms`; the work itself goes on. */
export async function inTime<T>(work: Promise<T>, ms: number, late: () => Error = tooLate(ms)): Promise<T> {
  const done = new AbortController()
  const over = pause(ms, undefined, { signal: done.signal }).then(
    () => Promise.reject(late()),
    () => work, // in time: the timer was stopped
  )
  try {
    return await Promise.race([work, over])
  } finally {
    done.abort()
  }
}
