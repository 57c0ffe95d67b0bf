import { setTimeout as sleep } from 'node:timers/promises'

/** Things under way that end by themselves, can be waited for, and are cut short by closing. */
export class Activities {
  readonly #closing = new AbortController()
  readonly #running = new Set<Promise<void>>()

  get signal(): AbortSignal {
    return this.#closing.signal
  }

  start(work: () => Promise<void>): Promise<void> {
    const running = work()
      .catch((error: unknown) => {
        if (!this.signal.aborted) throw error
      })
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
    return running
  }

  /** Rejects when closed, so that what follows the pause does not happen. */
  pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.signal })
  }

  get isIdle(): boolean {
    return this.#running.size === 0
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.idle()
  }
}
