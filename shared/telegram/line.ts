import { type Logger } from 'pino'
import { readReply, type Reply } from './answer.ts'
import { withDeadline } from './deadline.ts'
import { isRefused, TelegramBusy, TelegramRefused, TelegramUnreachable } from './errors.ts'
import { ExchangeFailed, type Outgoing, post } from './exchange.ts'
import { type Clock, FloodGate } from './flood-gate.ts'

export type CallOptions = {
  /** Time for the call with everything tried again of it; pauses Telegram asks for are not counted. 10 s by default. */
  readonly deadlineMs?: number
  /** Time for one try. By default half the deadline for what may be repeated, so that one hanging try is not the end. */
  readonly tryMs?: number
  /** How much longer it may take when Telegram asks for a pause. 5 s by default; a longer pause throws `TelegramBusy`. */
  readonly maxWaitMs?: number
  readonly signal?: AbortSignal | undefined
  /** Whether to try again when the outcome is unknown. By default only methods that may be repeated are. */
  readonly retry?: 'repeatable' | 'never'
}

type Call = {
  readonly method: string
  readonly isRepeatable: boolean
  readonly tryMs: number
  readonly signal: AbortSignal | undefined
  /** Both move: a pause asked by Telegram is taken from the one and added to the other. */
  waitLeftMs: number
  endsAt: number
}

type Attempt = Reply | { readonly kind: 'lost'; readonly error: TelegramUnreachable }

const repeatableMethods = /^(edit|answer|delete|get|set|unpin|pin)|^(sendChatAction|close|logOut)$/i

// Less than this is not worth another try.
const shortestTryMs = 300

export type LineOptions = {
  readonly clock: Clock
  readonly log: Logger
  readonly closing: AbortSignal
  readonly onTokenRefused: (error: unknown) => void
  readonly onPause: (ms: number) => void
}

/** What all calls of one token share: the flood gate, the rule of trying again, and the end. */
export class Line {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #closing: AbortSignal
  readonly #onTokenRefused: (error: unknown) => void
  readonly #onPause: (ms: number) => void
  readonly #gate: FloodGate
  readonly #underWay = new Set<Promise<unknown>>()
  #isTokenKnown = false

  constructor({ clock, log, closing, onTokenRefused, onPause }: LineOptions) {
    this.#clock = clock
    this.#log = log
    this.#closing = closing
    this.#onTokenRefused = onTokenRefused
    this.#onPause = onPause
    this.#gate = new FloodGate(clock)
  }

  /** Carries one call to its result. `outgoing` is made anew for each try. */
  carry(method: string, options: CallOptions, outgoing: () => Outgoing): Promise<unknown> {
    const carried = this.#carry(this.#startCall(method, options), outgoing)
    this.#underWay.add(carried)
    const forget = () => this.#underWay.delete(carried)
    carried.then(forget, forget)
    return carried
  }

  keepQuiet(ms: number): void {
    this.#gate.close(ms)
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay)
  }

  #startCall(method: string, options: CallOptions): Call {
    const { deadlineMs = 10_000, maxWaitMs = 5_000, retry, signal } = options
    const isRepeatable = (retry ?? (repeatableMethods.test(method) ? 'repeatable' : 'never')) === 'repeatable'
    const tryMs = options.tryMs ?? (isRepeatable ? deadlineMs / 2 : deadlineMs)
    return { method, isRepeatable, tryMs, signal, waitLeftMs: maxWaitMs, endsAt: this.#clock.now() + deadlineMs }
  }

  async #carry(call: Call, outgoing: () => Outgoing): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      await this.#passGate(call)
      const attempt = await this.#try(call, outgoing)
      if (attempt.kind === 'result') return attempt.result
      if (attempt.kind === 'busy') this.#closeGate(call, attempt.ms)
      else await this.#pauseAfter(call, attempt.error, tries)
    }
  }

  async #passGate(call: Call): Promise<void> {
    this.#stopIfAborted(call)
    if (this.#gate.closedForMs === 0) return
    const since = this.#clock.now()
    const isOpen = await this.#interruptible(call, (signal) => this.#gate.pass(call.waitLeftMs, signal))
    if (!isOpen) throw new TelegramBusy(call.method, this.#gate.closedForMs)
    const waitedMs = this.#clock.now() - since
    call.waitLeftMs -= waitedMs
    call.endsAt += waitedMs
  }

  #closeGate({ method }: Call, ms: number): void {
    this.#gate.close(Math.max(ms, 100))
    this.#onPause(ms)
    this.#log.warn({ reason: 'telegram.429', method, retryAfterMs: ms }, 'telegram asks to wait')
  }

  async #try(call: Call, outgoing: () => Outgoing): Promise<Attempt> {
    const ms = Math.max(1, Math.min(call.tryMs, call.endsAt - this.#clock.now()))
    try {
      const reply = readReply(call.method, await this.#exchange(call, ms, outgoing()))
      this.#isTokenKnown ||= reply.kind === 'result'
      return reply
    } catch (error) {
      this.#stopIfAborted(call)
      if (isRefused(error, 'not authorised')) this.#refuse(call, error)
      if (error instanceof TelegramUnreachable) return { kind: 'lost', error }
      if (!(error instanceof ExchangeFailed)) throw error
      const outcome = error.reached ? 'unknown' : 'not sent'
      return { kind: 'lost', error: new TelegramUnreachable(call.method, outcome, error.message, error.cause) }
    }
  }

  /** Telegram says 404 of a token it does not know; of one it knew a moment ago it means the method. */
  #refuse({ method }: Call, error: TelegramRefused): void {
    if (error.code === 404 && this.#isTokenKnown)
      throw new TelegramRefused(method, error.code, `${error.description} (method not found)`)
    this.#onTokenRefused(error)
  }

  #exchange({ signal }: Call, ms: number, outgoing: Outgoing) {
    return withDeadline(ms, [signal, this.#closing], async (ending) => {
      try {
        return await post(outgoing, ending)
      } catch (error) {
        // Node only says "aborted"; our signal knows why.
        if (ending.aborted && error instanceof ExchangeFailed) throw new ExchangeFailed(error.reached, ending.reason)
        throw error
      }
    })
  }

  /** Waits before the next try, or throws when there is none. */
  async #pauseAfter(call: Call, error: TelegramUnreachable, tries: number): Promise<void> {
    const pauseMs = Math.min(200 * 2 ** (tries - 1), 2000) * (1 + Math.random() / 4)
    const isInTime = this.#clock.now() + pauseMs + shortestTryMs <= call.endsAt
    if (!call.isRepeatable || !isInTime) throw error
    this.#log.debug({ method: call.method, tries, err: error }, 'telegram call is tried again')
    await this.#interruptible(call, (signal) => this.#clock.sleep(pauseMs, signal))
  }

  async #interruptible<T>(call: Call, wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await wait(AbortSignal.any([this.#closing, ...(call.signal === undefined ? [] : [call.signal])]))
    } catch (error) {
      this.#stopIfAborted(call)
      throw error
    }
  }

  #stopIfAborted({ signal }: Call): void {
    signal?.throwIfAborted()
    this.#closing.throwIfAborted()
  }
}
