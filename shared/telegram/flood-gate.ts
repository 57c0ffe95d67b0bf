/** Time as the client sees it; tests bring their own. */
export type Clock = {
  readonly now: () => number
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** One gate for a whole token: once Telegram asks for a pause, nothing is sent until it is over. */
export class FloodGate {
  readonly #clock: Clock
  #opensAt = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get closedForMs(): number {
    return Math.max(0, Math.ceil(this.#opensAt - this.#clock.now()))
  }

  close(ms: number): void {
    this.#opensAt = Math.max(this.#opensAt, this.#clock.now() + ms)
  }

  /** Waits until the gate is open, but gives up at once (false) when that would take longer than `maxWaitMs`. */
  async pass(maxWaitMs: number, signal?: AbortSignal): Promise<boolean> {
    const latest = this.#clock.now() + maxWaitMs
    while (this.closedForMs > 0) {
      if (this.#opensAt > latest) return false
      await this.#clock.sleep(this.closedForMs, signal)
    }
    return true
  }
}
