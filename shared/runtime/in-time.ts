const tooLate = (ms: number) => (): Error => new Error(`Expected this to be over within ${ms} ms`)

/** The outcome of `work`, or the error of `late` when it takes longer than `ms`; the work itself goes on. */
export async function inTime<T>(work: Promise<T>, ms: number, late: () => Error = tooLate(ms)): Promise<T> {
  // a plain timer: each aborted one makes an error with a stack, which a request in a hurry pays for
  const over = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    over.reject(late())
  }, ms)
  try {
    return await Promise.race([work, over.promise])
  } finally {
    clearTimeout(timer)
  }
}
