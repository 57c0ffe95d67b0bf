/** What was opened, closed in reverse order; it takes the place of a test where a helper asks for one. */
export class Closing {
  readonly #closers: (() => Promise<unknown>)[] = []
  #closing: Promise<void> | undefined

  after(close: () => Promise<unknown>): void {
    this.#closers.push(close)
  }

  /** Hands back what it will close. */
  add<Part>(part: Part, close: (part: Part) => Promise<unknown>): Part {
    this.after(() => close(part))
    return part
  }

  /** One that cannot be closed does not keep the others open. Whoever asks meanwhile waits for the same end. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll().finally(() => {
      this.#closing = undefined
    })
    return this.#closing
  }

  async #closeAll(): Promise<void> {
    const errors: unknown[] = []
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      await close().catch((error: unknown) => errors.push(error))
    }
    if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be closed')
  }
}
