import { setTimeout as pause } from 'node:timers/promises'

const lookEveryMs = 10
/** Half of what a buyer would notice, for each batch: a burst that goes on is no reason to leave those waiting who paid. */
const mostMs = 250

/** Returns at the first moment that is not busy, and after 250 ms whatever is going on. */
export async function giveWay(isBusy: () => boolean): Promise<void> {
  const latest = performance.now() + mostMs
  while (isBusy() && performance.now() < latest) await pause(lookEveryMs)
}
