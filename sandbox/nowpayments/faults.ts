import { z } from 'zod'

export const apiFaults = [
  'throttle',
  'server-error',
  'timeout',
  'reset',
  'lost-reply',
  'coin-unavailable',
  'string-amounts',
] as const

export const notificationFaults = [
  'drop',
  'duplicate',
  'reorder',
  'delay',
  'forge',
  'without-updated-at',
  'fee-as-strings',
  'all-strings',
  'zero-paid',
  'small-fees',
  'unknown-status',
  'unsorted',
  'extra-ids-array',
  'child-without-order-id',
  'wrong-asset-status',
] as const

export type FaultKind = (typeof apiFaults)[number] | (typeof notificationFaults)[number]

/** Which calls an API fault is for. */
export const operations = ['create', 'read', 'estimate', 'any'] as const
export type Operation = (typeof operations)[number]

export const faultSchema = z.strictObject({
  kind: z.enum([...apiFaults, ...notificationFaults]),
  on: z.enum(operations).default('any'),
  /** Only notifications of this status. */
  status: z.string().nullable().default(null),
  /** Only notifications about this payment. */
  payment: z.string().nullable().default(null),
  /** How often it happens; null for until it is removed. */
  times: z.int().positive().nullable().default(1),
  delayMs: z.int().nonnegative().default(1000),
  httpStatus: z.int().min(500).max(599).default(502),
})

export type FaultInput = z.input<typeof faultSchema>
export type Fault = z.output<typeof faultSchema> & { readonly id: string }

type Occasion = { readonly operation?: Operation; readonly status?: string; readonly payment?: string }

/** What is to go wrong, and how often still. */
export class Faults {
  readonly #active = new Map<string, Fault>()
  #lastId = 0

  add(input: FaultInput): Fault {
    const fault = { ...faultSchema.parse(input), id: String((this.#lastId += 1)) }
    this.#active.set(fault.id, fault)
    return fault
  }

  list(): readonly Fault[] {
    return [...this.#active.values()]
  }

  remove(id: string): boolean {
    return this.#active.delete(id)
  }

  clear(): void {
    this.#active.clear()
  }

  /** Uses up one occurrence of a fault, if one is set for the occasion. */
  take(kind: FaultKind, occasion: Occasion = {}): Fault | undefined {
    const fault = this.find(kind, occasion)
    if (fault !== undefined && fault.times !== null) this.#useUp(fault, fault.times)
    return fault
  }

  /** The fault that `take` would use up. */
  find(kind: FaultKind, { operation = 'any', status, payment }: Occasion = {}): Fault | undefined {
    const fits = (fault: Fault) =>
      fault.kind === kind &&
      (fault.on === 'any' || fault.on === operation) &&
      (fault.payment === null || fault.payment === payment) &&
      (fault.status === null || status === undefined || fault.status === status)
    return this.list().find(fits)
  }

  #useUp(fault: Fault, times: number): void {
    if (times === 1) this.#active.delete(fault.id)
    else this.#active.set(fault.id, { ...fault, times: times - 1 })
  }
}
