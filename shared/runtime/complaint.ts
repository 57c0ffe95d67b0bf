import { type Logger } from 'pino'

const firstPauseMs = 2_000
const longestPauseMs = 60_000

/**
 * What a loop that tries again has to say: at once, then ever more rarely while the trouble lasts, then that it is over.
 */
export class Complaint {
  readonly #log: Logger
  #silentUntil = 0
  #pauseMs = firstPauseMs
  #unsaid = 0
  #isOpen = false

  constructor(log: Logger) {
    this.#log = log
  }

  about(err: unknown, sentence: string): void {
    this.#isOpen = true
    if (Date.now() < this.#silentUntil) {
      this.#unsaid += 1
      return
    }
    this.#log.warn({ err, ...(this.#unsaid > 0 ? { unsaid: this.#unsaid } : {}) }, sentence)
    this.#unsaid = 0
    this.#silentUntil = Date.now() + this.#pauseMs
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
  }

  /** Says that it is over, if there was anything to complain about. */
  over(sentence: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#silentUntil = 0
    this.#pauseMs = firstPauseMs
    this.#unsaid = 0
    this.#log.info(sentence)
  }
}
