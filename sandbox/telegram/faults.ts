import { type Clock } from './clock.ts'
import { seededRandom } from './random.ts'

/** What goes wrong. `after` does the work first and then hides it, so that the outcome is unknown to the caller. */
export type Trouble =
  | { kind: 'retry_after'; seconds?: number }
  | { kind: 'error'; status?: number; body?: 'json' | 'html'; after?: boolean }
  | { kind: 'hang'; after?: boolean }
  | { kind: 'drop'; after?: boolean }
  | { kind: 'slow'; ms: number }

/** Trouble with when it strikes: a method pattern (`send*`), one chat, a probability, and how often at most. */
export type FaultRule = Trouble & { method?: string; chatId?: number; probability?: number; count?: number }

export type ActiveFault = FaultRule & { id: number; struck: number }

/** A call that came although its bot had been told to wait. */
export type Violation = { token: string; method: string; tooEarlyMs: number }

/** More calls of these methods in a second are refused, as they are to whoever writes to many chats at once. */
export type RateLimit = { method: string; perSecond: number }

type Wait = { from: number; until: number }

/** A call may already be on its way when the refusal is written. */
const graceMs = 100

/** Faults on demand, with seeded luck. */
export class Faults {
  readonly #clock: Clock
  readonly #waits = new Map<string, Wait>()
  #active: ActiveFault[] = []
  #lastId = 0
  #random = seededRandom(1)
  #rateLimit: RateLimit | undefined
  readonly #recent = new Map<string, number[]>()
  violations: Violation[] = []
  /** How many calls were above the rate limit. */
  tooMany = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Starts the luck anew. */
  seed(seed: number): void {
    this.#random = seededRandom(seed)
  }

  add(rule: FaultRule): ActiveFault {
    const fault = { ...rule, id: ++this.#lastId, struck: 0 }
    this.#active.push(fault)
    return fault
  }

  remove(id: number): void {
    this.#active = this.#active.filter((fault) => fault.id !== id)
  }

  /** Ends all faults and waits, and forgets violations. */
  clear(): void {
    this.#active = []
    this.#waits.clear()
    this.#rateLimit = undefined
    this.#recent.clear()
    this.violations = []
    this.tooMany = 0
  }

  list(): ActiveFault[] {
    return this.#active.map((fault) => ({ ...fault }))
  }

  /** Like a fault it ends with `clear`. */
  limitRate(limit: RateLimit): void {
    this.#rateLimit = limit
  }

  /** How many calls came before the wait they were told had ended. */
  get retryAfterViolations(): number {
    return this.violations.length
  }

  /** The trouble this call runs into, if any. A bot that does not wait is told again, and noted. */
  strike(token: string, method: string, chatId?: unknown, begunAt = this.#clock.now()): Trouble | undefined {
    const wait = this.#stillWaiting(token, method, begunAt)
    if (wait !== undefined) return wait
    if (this.#isOneTooMany(token, method)) return this.#refuseForASecond(token)
    const fault = this.#active.find((candidate) => this.#hits(candidate, method, chatId))
    if (fault === undefined) return undefined
    fault.struck++
    if (fault.kind === 'retry_after') this.#startWait(token, fault.seconds ?? 1)
    return fault
  }

  #isOneTooMany(token: string, method: string): boolean {
    if (this.#rateLimit === undefined || !matches(this.#rateLimit.method, method)) return false
    const now = this.#clock.now()
    const recent = (this.#recent.get(token) ?? []).filter((at) => at > now - 1000)
    const isOneTooMany = recent.length >= this.#rateLimit.perSecond
    this.#recent.set(token, isOneTooMany ? recent : [...recent, now])
    return isOneTooMany
  }

  #refuseForASecond(token: string): Trouble {
    this.tooMany++
    this.#startWait(token, 1)
    return { kind: 'retry_after', seconds: 1 }
  }

  #hits(fault: ActiveFault, method: string, chatId: unknown): boolean {
    if (fault.chatId !== undefined && String(fault.chatId) !== String(chatId)) return false
    if (fault.count !== undefined && fault.struck >= fault.count) return false
    if (!matches(fault.method ?? '*', method)) return false
    return fault.probability === undefined || this.#random() < fault.probability
  }

  #startWait(token: string, seconds: number): void {
    const from = this.#clock.now()
    this.#waits.set(token, { from, until: from + seconds * 1000 })
  }

  /** Polling goes on: the server's own refusals come to calls that send or change something. */
  #stillWaiting(token: string, method: string, begunAt: number): Trouble | undefined {
    const wait = this.#waits.get(token)
    const now = this.#clock.now()
    if (wait === undefined || now >= wait.until || method === 'getupdates') return undefined
    if (begunAt - wait.from > graceMs) this.violations.push({ token, method, tooEarlyMs: wait.until - now })
    return { kind: 'retry_after', seconds: Math.ceil((wait.until - now) / 1000) }
  }
}

function matches(pattern: string, method: string): boolean {
  const escaped = pattern
    .toLowerCase()
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
  return new RegExp(`^${escaped}$`).test(method)
}
