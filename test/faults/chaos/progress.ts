/** What those who wait are told: where the run is, and about how long it still takes. */
export class Progress {
  readonly #startedAt = performance.now()
  readonly #planned: Map<string, number>
  #phase = { name: '', startedAt: 0 }

  constructor(secondsOfPhases: ReadonlyMap<string, number>) {
    this.#planned = new Map(secondsOfPhases)
  }

  begin(name: string, what: string): void {
    this.#planned.delete(this.#phase.name)
    this.#phase = { name, startedAt: performance.now() }
    this.say(`${name}: ${what}`)
  }

  readonly say = (line: string): void => {
    const passed = (performance.now() - this.#startedAt) / 1000
    console.log(`${clock(passed)}  about ${clock(this.#secondsLeft())} left  ${line}`)
  }

  #secondsLeft(): number {
    const passed = (performance.now() - this.#phase.startedAt) / 1000
    return [...this.#planned].reduce(
      (sum, [name, seconds]) => sum + (name === this.#phase.name ? Math.max(0, seconds - passed) : seconds),
      0,
    )
  }
}

const clock = (seconds: number): string =>
  `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
