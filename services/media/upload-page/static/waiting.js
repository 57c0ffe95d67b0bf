/**
 * Waits, unless the sending is paused or given up: then it throws.
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}

/** Growing pauses, no two pages at the same moment. @param {number} attempt from 1 */
export const growing = (attempt) => 1000 * 2 ** (attempt - 1) * (0.75 + Math.random() / 2)

/**
 * Returns once the device says that it has a connection, which it may say wrongly.
 * @param {AbortSignal} signal
 * @param {(isWaiting: boolean) => void} tell
 */
export async function untilOnline(signal, tell) {
  if (navigator.onLine) return
  tell(true)
  try {
    while (!navigator.onLine) await pause(500, signal)
  } finally {
    tell(false)
  }
}
