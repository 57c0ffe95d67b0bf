import { type Clock } from './clock.ts'
import { type BotApiError, conflict } from './errors.ts'
import { toUpdate, type Updates } from './updates.ts'

export type Poll = { offset: number; limit: number; timeout: number }

type Waiting = Poll & {
  resolve: (updates: unknown[]) => void
  reject: (refusal: BotApiError) => void
  cancelTimer: () => void
}

const otherPoll = 'terminated by other getUpdates request; make sure that only one bot instance is running'

/** getUpdates of one bot: real long polling, one poller at a time. */
export class Poller {
  readonly #botId: number
  readonly #updates: Updates
  readonly #clock: Clock
  #waiting: Waiting | undefined
  #previous = { offset: NaN, at: 0 }
  #nextQuickConflict = 0

  constructor(botId: number, updates: Updates, clock: Clock) {
    this.#botId = botId
    this.#updates = updates
    this.#clock = clock
  }

  /** Answers with what is there, or waits for it until the timeout. */
  async poll(poll: Poll, gone: AbortSignal): Promise<unknown[]> {
    const { offset, limit, timeout } = this.#slowDown(poll)
    if (offset < 0) this.#updates.keepNewest(this.#botId, -offset)
    if (offset > 0) this.#updates.confirmBelow(this.#botId, offset)
    const ready = this.#take(limit)
    if (ready.length > 0 || timeout === 0) return ready
    this.abort(otherPoll)
    return new Promise((resolve, reject) => {
      this.#wait({ offset, limit, timeout, resolve, reject }, gone)
    })
  }

  /** Wakes the waiting poll, if any. */
  wake(): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    const ready = this.#take(waiting.limit)
    if (ready.length > 0)
      this.#finish(waiting, () => {
        waiting.resolve(ready)
      })
  }

  /** Ends the waiting poll with a 409. */
  abort(reason: string): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#finish(waiting, () => undefined)
    this.refuse(conflict(reason), waiting.reject)
  }

  /** Refusals of polls come at most every 3 seconds; further ones are held back that long. */
  refuse(refusal: BotApiError, reject: (refusal: BotApiError) => void): void {
    const now = this.#clock.now()
    if (now >= this.#nextQuickConflict) {
      this.#nextQuickConflict = now + 3000
      reject(refusal)
    } else {
      this.#clock.after(3000, () => {
        reject(refusal)
      })
    }
  }

  /** A poller that asks the same again too soon is slowed down. */
  #slowDown(poll: Poll): Poll {
    const now = this.#clock.now()
    const sinceSame = poll.offset === this.#previous.offset ? now - this.#previous.at : Infinity
    this.#previous = { offset: poll.offset, at: now }
    return {
      offset: poll.offset,
      limit: sinceSame < 500 ? 1 : poll.limit,
      timeout: sinceSame < 3000 && poll.timeout < 3 ? 3 : poll.timeout,
    }
  }

  #take(limit: number): unknown[] {
    return this.#updates.pending(this.#botId).slice(0, limit).map(toUpdate)
  }

  #wait(poll: Omit<Waiting, 'cancelTimer'>, gone: AbortSignal): void {
    const cancelTimer = this.#clock.after(poll.timeout * 1000, () => {
      this.#finish(waiting, () => {
        waiting.resolve([])
      })
    })
    const waiting: Waiting = { ...poll, cancelTimer }
    this.#waiting = waiting
    gone.addEventListener('abort', () => {
      this.#finish(waiting, () => {
        waiting.resolve([])
      })
    })
  }

  #finish(waiting: Waiting, answer: () => void): void {
    if (this.#waiting !== waiting) return
    this.#waiting = undefined
    waiting.cancelTimer()
    answer()
  }
}
