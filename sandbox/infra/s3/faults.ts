/** What a caller is after, in the words of faults. */
export type Operation = 'get' | 'head' | 'put' | 'part' | 'delete' | 'list'

export type Fault = {
  readonly kind:
    | 'slow down' // 503 SlowDown
    | 'error' // 500 InternalError
    | 'unavailable' // 503 ServiceUnavailable
    | 'refuse' // 403 AccessDenied
    | 'reset' // the connection is cut before an answer
    | 'hang' // no answer ever
    | 'lost answer' // the work is done, the answer lost
    | 'truncate' // half of the bytes, then the connection is cut
    | 'corrupt' // as many bytes, one of them wrong
  /** Any operation when left out; to put is also to send a part. */
  readonly on?: Operation
  /** Only keys that begin so. */
  readonly prefix?: string
  /** How often it happens before it is over; for ever when left out. */
  readonly times?: number
  /** How likely it happens each time, 0 to 1; always when left out. */
  readonly chance?: number
}

/** Makes the store misbehave on demand, for tests. */
export class Faults {
  readonly #random: () => number
  readonly #active = new Set<{ readonly fault: Fault; left: number }>()

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /** From now on, until its `times` are used up or the returned function is called. */
  inject(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity }
    this.#active.add(entry)
    return () => this.#active.delete(entry)
  }

  clear(): void {
    this.#active.clear()
  }

  /** The fault that strikes this request, if any. */
  strike(operation: Operation, key: string): Fault['kind'] | undefined {
    for (const entry of this.#active) {
      const { on = operation, prefix = '', chance = 1, kind } = entry.fault
      const isMeant = on === operation || (on === 'put' && operation === 'part')
      if (!isMeant || !key.startsWith(prefix) || this.#random() >= chance) continue
      entry.left -= 1
      if (entry.left <= 0) this.#active.delete(entry)
      return kind
    }
    return undefined
  }
}
