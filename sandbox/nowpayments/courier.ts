import { Activities } from './activities.ts'
import { type Faults } from './faults.ts'
import { type SentNotification } from './payment.ts'
import { type Transcript } from './transcript.ts'

/** A notification ready to be posted. `signature` is missing only on forgeries. */
export type Letter = {
  readonly subject: string
  readonly status: string
  readonly url: string
  readonly body: string
  readonly signature?: string | undefined
  readonly isLast: boolean
  readonly forgeries: readonly Pick<Letter, 'status' | 'body' | 'signature'>[]
}

export type CourierOptions = {
  readonly retry: { readonly count: number; readonly everyMs: number }
  readonly faults: Faults
  readonly now: () => number
  readonly transcript: Transcript
  readonly record: (subject: string, sent: SentNotification) => void
}

const answerWithinMs = 3000

/** Posts notifications as the provider does: in order per payment, three seconds each, again when not answered with 2xx. */
export class Courier {
  readonly #options: CourierOptions
  readonly #firstTries = new Activities()
  readonly #retries = new Activities()
  readonly #lanes = new Map<string, Promise<void>>()
  readonly #held = new Map<string, Letter>()

  constructor(options: CourierOptions) {
    this.#options = options
  }

  send(letter: Letter): void {
    const before = this.#lanes.get(letter.subject)
    const lane = this.#firstTries.start(async () => {
      await before
      await this.#deliver(letter)
    })
    this.#lanes.set(letter.subject, lane)
  }

  get isIdle(): boolean {
    return this.#firstTries.isIdle
  }

  /** Resolves when everything was tried once; later tries may still be due. */
  idle(): Promise<void> {
    return this.#firstTries.idle()
  }

  async close(): Promise<void> {
    await Promise.all([this.#firstTries.close(), this.#retries.close()])
  }

  async #deliver(letter: Letter): Promise<void> {
    const { faults } = this.#options
    const occasion = { status: letter.status, payment: letter.subject }
    if (faults.take('drop', occasion) !== undefined) {
      this.#record(letter, 'dropped', 1)
      return
    }
    const delay = faults.take('delay', occasion)
    if (delay !== undefined) await this.#firstTries.pause(delay.delayMs)
    if (!letter.isLast && !this.#held.has(letter.subject) && faults.take('reorder', occasion) !== undefined) {
      this.#held.set(letter.subject, letter)
      return
    }
    if (faults.take('forge', occasion) !== undefined) await this.#forge(letter)
    await this.#attempt(letter, 1)
    if (faults.take('duplicate', occasion) !== undefined) await this.#attempt(letter, 1)
    await this.#releaseHeld(letter.subject)
  }

  async #releaseHeld(subject: string): Promise<void> {
    const held = this.#held.get(subject)
    this.#held.delete(subject)
    if (held !== undefined) await this.#attempt(held, 1)
  }

  async #forge(letter: Letter): Promise<void> {
    for (const forgery of letter.forgeries) {
      const forged = { ...letter, ...forgery }
      this.#record(forged, await this.#post(forged), 1)
    }
  }

  async #attempt(letter: Letter, attempt: number): Promise<void> {
    const answer = await this.#post(letter)
    this.#record(letter, answer, attempt)
    const isAccepted = typeof answer === 'number' && answer >= 200 && answer < 300
    if (isAccepted || attempt > this.#options.retry.count) return
    void this.#retries.start(async () => {
      await this.#retries.pause(this.#options.retry.everyMs)
      await this.#attempt(letter, attempt + 1)
    })
  }

  async #post({ url, body, signature }: Letter): Promise<SentNotification['answer']> {
    const headers = { 'content-type': 'application/json', 'user-agent': 'NOWPayments v1.0' }
    const deadline = AbortSignal.timeout(answerWithinMs)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: signature === undefined ? headers : { ...headers, 'x-nowpayments-sig': signature },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([deadline, this.#retries.signal]),
      })
      await response.arrayBuffer()
      return response.status
    } catch (error) {
      if (this.#retries.signal.aborted) throw error
      return deadline.aborted ? 'timeout' : 'unreachable'
    }
  }

  #record({ subject, status, url, body }: Letter, answer: SentNotification['answer'], attempt: number): void {
    const at = new Date(this.#options.now()).toISOString()
    this.#options.record(subject, { at, status, answer, attempt })
    this.#options.transcript({ direction: 'out', url, body, answer, attempt })
  }
}
