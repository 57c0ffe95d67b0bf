type Stop = () => Promise<void>

/** What has to be stopped, last started first, each once. What comes too late is stopped at once. */
export class Ending {
  #stops: Stop[] = []
  #stopping: Promise<void> | undefined

  add(stop: Stop): void {
    this.#stops.push(stop)
    if (this.#stopping !== undefined) this.#stopping = this.#stopping.then(() => this.#stopAll())
  }

  /** Throws when there is no point in starting more. */
  check(): void {
    if (this.#stopping !== undefined) throw new Error('it was stopped while it was starting')
  }

  /** Resolves when nothing is left to stop. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll()
    return this.#stopping
  }

  async #stopAll(): Promise<void> {
    for (let stop = this.#stops.pop(); stop !== undefined; stop = this.#stops.pop()) await stop()
  }
}
