export type Shown = { readonly unit: string; readonly read: () => number | Promise<number> }

type Action = () => Promise<object>

/** What whoever watches the process sees at a glance, and what they may ask of it by name. */
export class Monitor {
  readonly shown = new Map<string, Shown>()
  readonly #actions = new Map<string, Action>()
  #onOffer: (name: string, action: Action) => void = () => undefined

  show(name: string, unit: string, read: Shown['read']): void {
    this.shown.set(name, { unit, read })
  }

  /** Safe to be asked for twice; the answer is shown to who asked. */
  offer(name: string, action: Action): void {
    this.#actions.set(name, action)
    this.#onOffer(name, action)
  }

  /** Hears of every action, of those offered later too. */
  hear(onOffer: (name: string, action: Action) => void): void {
    this.#onOffer = onOffer
    for (const [name, action] of this.#actions) onOffer(name, action)
  }
}

/** The latest values of something that happens often, for a figure of right now. */
export class Recent {
  readonly #values: number[] = []
  readonly #most: number
  #next = 0

  constructor(most = 500) {
    this.#most = most
  }

  add(value: number): void {
    this.#values[this.#next] = value
    this.#next = (this.#next + 1) % this.#most
  }

  /** What 99 of a hundred stayed under; 0 when nothing happened. */
  p99(): number {
    const sorted = this.#values.toSorted((left, right) => left - right)
    return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0
  }
}
