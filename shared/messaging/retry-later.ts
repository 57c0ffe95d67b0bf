/** Thrown by a handler that knows when trying again makes sense. It is no failure and uses up no try. */
export class RetryLater extends Error {
  readonly ms: number

  constructor(ms: number, reason = 'not now') {
    super(`Try again in ${ms} ms: ${reason}`)
    this.name = 'RetryLater'
    this.ms = Math.max(1, Math.ceil(ms))
  }
}
