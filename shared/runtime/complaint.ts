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

  /** For what should not happen: with all that is known about it. */
  about(err: unknown, sentence: string): void {
    this.#say({ err }, sentence)
  }

  /** For a part that is away, which only the operator can bring back: one line in words. */
  briefly(error: unknown, sentence: string): void {
    this.#say({}, `${sentence}: ${reasonOf(error)}`)
  }

  #say(facts: object, sentence: string): void {
    this.#isOpen = true
    if (Date.now() < this.#silentUntil) {
      this.#unsaid += 1
      return
    }
    this.#log.warn({ ...facts, ...(this.#unsaid > 0 ? { unsaid: this.#unsaid } : {}) }, sentence)
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

/** A host name with several addresses fails with one error for each, and no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
