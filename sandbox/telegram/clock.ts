/** Time as the emulator sees it, so that tests can let a day pass in a moment. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs something later; the returned function calls it off. */
  after(ms: number, run: () => void): () => void
}

/** The machine's own clock. Its timers do not keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => {
      clearTimeout(timer)
    }
  },
}

type Alarm = { at: number; run: () => void }

/** A clock that stands still until a test moves it. */
export class VirtualClock implements Clock {
  #now: number
  #alarms: Alarm[] = []

  constructor(now = Date.now()) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const alarm = { at: this.#now + Math.max(0, ms), run }
    this.#alarms.push(alarm)
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm)
    }
  }

  /** How many alarms are set. */
  get pendingTimers(): number {
    return this.#alarms.length
  }

  /** How long until the next alarm; Infinity when there is none. */
  get nextTimerIn(): number {
    return Math.min(...this.#alarms.map(({ at }) => at)) - this.#now
  }

  /** Lets time pass; whatever was due rings at its own time, in order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#nextUntil(end); next !== undefined; next = this.#nextUntil(end)) {
      this.#now = Math.max(this.#now, next.at)
      this.#alarms = this.#alarms.filter((other) => other !== next)
      next.run()
    }
    this.#now = end
  }

  #nextUntil(end: number): Alarm | undefined {
    return this.#alarms.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
  }
}

/** Telegram's dates are whole seconds. */
export function unixTime(clock: Clock): number {
  return Math.floor(clock.now() / 1000)
}
