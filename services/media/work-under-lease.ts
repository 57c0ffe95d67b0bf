import { setTimeout as pause } from 'node:timers/promises'

export type LeaseOptions = {
  readonly everyMs: number
  /** False once the lease is somebody else's. */
  readonly renew: () => Promise<boolean>
  readonly signal: AbortSignal
}

/** Works for as long as the lease is ours. The work is told to stop when it is lost; a renewal that fails is tried again. */
export async function workUnderLease<T>(
  { everyMs, renew, signal }: LeaseOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController()
  const done = new AbortController()
  const renewing = keepRenewing(everyMs, renew, done.signal, lost)
  try {
    return await work(AbortSignal.any([signal, lost.signal]))
  } finally {
    done.abort()
    await renewing
  }
}

async function keepRenewing(
  everyMs: number,
  renew: () => Promise<boolean>,
  done: AbortSignal,
  lost: AbortController,
): Promise<void> {
  for (;;) {
    const isOver = await pause(everyMs, false, { signal: done }).catch(() => true)
    if (isOver) return
    const isOurs = await renew().catch(() => true) // the database is away: the marks will tell whose it is
    if (!isOurs)
      lost.abort(new Error('The lease is lost: somebody else works on it, or nothing is to be done any more'))
  }
}
