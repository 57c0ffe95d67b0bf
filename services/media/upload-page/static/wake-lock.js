/** @type {WakeLockSentinel | undefined} */
let lock
let isWanted = false

/** Keeps the screen of a phone on while a file is sent, where the browser can. @param {boolean} on */
export async function keepAwake(on) {
  isWanted = on
  if (!on) {
    await lock?.release()
    lock = undefined
    return
  }
  if (!('wakeLock' in navigator) || document.visibilityState !== 'visible') return
  lock = await navigator.wakeLock.request('screen').catch(() => undefined) // low battery, or not allowed
}

// hiding the page gives the lock back
document.addEventListener('visibilitychange', () => {
  if (isWanted) void keepAwake(true)
})
