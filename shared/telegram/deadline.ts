/** Runs with a signal that aborts after `ms`, or when one of `signals` does. Its listeners end with the run. */
export async function withDeadline<T>(
  ms: number,
  signals: readonly (AbortSignal | undefined)[],
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    controller.abort(new DeadlineError(ms))
  }, ms)
  const release = signals.map((signal) => follow(signal, controller))
  try {
    controller.signal.throwIfAborted()
    return await run(controller.signal)
  } finally {
    clearTimeout(timer)
    for (const stop of release) stop()
  }
}

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'

  constructor(ms: number) {
    super(`No answer within ${Math.round(ms)} ms`)
  }
}

function follow(signal: AbortSignal | undefined, controller: AbortController): () => void {
  const abort = () => {
    controller.abort(signal?.reason)
  }
  if (signal?.aborted === true) abort()
  signal?.addEventListener('abort', abort, { once: true })
  return () => signal?.removeEventListener('abort', abort)
}
