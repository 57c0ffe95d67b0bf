import { type Logger } from 'pino'

/** What was opened, closed in reverse order; one that refuses to close does not keep the others open. */
export class Owned {
  readonly #log: Logger
  readonly #closers: (() => unknown)[] = []
  readonly #errors: unknown[] = []
  #closing: Promise<void> | undefined

  constructor(log: Logger) {
    this.#log = log
  }

  /** What is opened while everything closes is closed as well. */
  add<T>(resource: T, close: (resource: T) => unknown): T {
    this.#closers.push(() => close(resource))
    if (this.#closing !== undefined) this.#closing = this.#closing.then(() => this.#closeAll())
    return resource
  }

  /** Throws when something would not close, after everything else is closed. */
  async close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    await this.#closing
    if (this.#errors.length === 0) return
    throw new AggregateError(this.#errors, `${this.#errors.length} resources could not be closed`)
  }

  async #closeAll(): Promise<void> {
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close()
      } catch (err) {
        this.#log.error({ err }, 'could not close a resource')
        this.#errors.push(err)
      }
    }
  }
}
