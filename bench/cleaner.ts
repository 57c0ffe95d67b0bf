/** What a bench leaves behind, undone in reverse order; it takes the place of a test where a helper asks for one. */
export class Cleaner {
  readonly #closers: (() => Promise<void>)[] = []

  after(close: () => Promise<void>): void {
    this.#closers.push(close)
  }

  async clean(): Promise<void> {
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) await close()
  }
}
