import { inTime } from '../../../shared/runtime/in-time.ts'
import { type Fuzzed, fuzz } from '../fuzz/run.ts'
import { counted } from './counted.ts'
import { type Goal, verdict } from './goals.ts'
import { inspect, untilQuiet } from './invariants.ts'
import { type Mass } from './mass.ts'
import { type ChaosOptions } from './options.ts'
import { type Progress } from './progress.ts'
import { type Purchase } from './purchase.ts'
import { type Facts } from './report.ts'
import { blockedBuyer } from './scenarios/blocked-buyer.ts'
import { brokerAway } from './scenarios/broker-away.ts'
import { databaseAway } from './scenarios/database-away.ts'
import { faultyBucket } from './scenarios/faulty-bucket.ts'
import { faultyTelegram } from './scenarios/faulty-telegram.ts'
import { startLoad } from './scenarios/load.ts'
import { pausedWorker } from './scenarios/paused-worker.ts'
import { reloadAll } from './scenarios/reload.ts'
import { type Scenario, type Trial } from './scenarios/trial.ts'
import { wrongClock } from './scenarios/wrong-clock.ts'
import { type Stage } from './stage.ts'
import { printTimelines } from './timelines.ts'

const underLoad: Readonly<Record<string, Scenario>> = {
  G13: faultyBucket,
  G14: faultyTelegram,
  G15: blockedBuyer,
  G18: pausedWorker,
}
const alone: Readonly<Record<string, Scenario>> = {
  G11: brokerAway,
  G12: databaseAway,
  G16: reloadAll,
  G17: wrongClock,
}

/** A scenario that takes longer hangs, and the run goes on without it. */
const longestScenarioMs = 300_000
const notOver = (): Error => new Error(`it was not over after ${longestScenarioMs / 1000} s`)

/** The phases and trials of one run, and what came of them. */
export class Run {
  readonly #stage: Stage
  readonly #trial: Trial
  readonly #progress: Progress
  readonly #only: readonly string[] | undefined
  readonly #goals: Goal[] = []
  readonly #purchases: Purchase[] = []
  readonly #failures: string[] = []
  readonly #faults = new Map<string, ReadonlyMap<string, number>>()
  #fuzzed: Fuzzed | undefined

  constructor(stage: Stage, trial: Trial, progress: Progress, only: readonly string[] | undefined) {
    this.#stage = stage
    this.#trial = trial
    this.#progress = progress
    this.#only = only
  }

  /** Orders that came to their file. */
  get paid(): number {
    return paidOf(this.#purchases).length
  }

  async buy(name: string, what: string, phase: (stage: Stage, trial: Trial, say: Progress['say']) => Promise<Mass>) {
    if (!this.#isWanted(name)) return
    this.#progress.begin(name, what)
    await this.#attempt(name, async () => {
      const { purchases, failures, goals, faults } = await phase(this.#stage, this.#trial, this.#progress.say)
      this.#keep(goals, purchases)
      this.#failures.push(...failures)
      this.#faults.set(what, faults)
    })
  }

  async tryUnderLoad(): Promise<void> {
    if (!this.#isWanted('G7', ...Object.keys(underLoad))) return
    this.#progress.begin('load', 'notifications all the time, and meanwhile one goal after the other')
    await this.#attempt('G7', async () => {
      const load = await startLoad(this.#stage, this.#trial, paidOf(this.#purchases))
      const fuzzing = this.#attempt('G4', () => this.#fuzz())
      for (const [id, scenario] of Object.entries(underLoad)) await this.#try(id, scenario)
      const { goal, purchases } = await load.stop()
      this.#keep([goal], purchases)
      await fuzzing
    })
  }

  async #fuzz(): Promise<void> {
    const { seed, sizes } = this.#trial
    const database = await this.#stage.makeDatabase('fuzz')
    this.#fuzzed = await fuzz(database, { notifications: sizes.fuzzed, rate: sizes.load.perSecond, seed })
  }

  async tryAlone(): Promise<void> {
    for (const [id, scenario] of Object.entries(alone)) {
      if (this.#isWanted(id)) this.#progress.begin(id, scenario.name)
      await this.#try(id, scenario)
    }
  }

  async inspect(options: ChaosOptions): Promise<Omit<Facts, 'minutes' | 'machine'>> {
    this.#progress.begin('inspection', `${this.#purchases.length} chats`)
    await untilQuiet(this.#stage, 180_000).catch(() => void this.#failures.push('something still waits at the end'))
    const findings = await inspect(this.#stage, this.#purchases)
    const faults = [...this.#faults.values()].flatMap((counts) => [...counts.values()])
    const sum = faults.reduce((all, times) => all + times, 0)
    const goals = [...counted(findings, sum, this.#trial.liar, this.#fuzzed), ...this.#goals]
    await printTimelines(this.#stage, { findings, purchases: this.#purchases, seed: options.seed })
    return { options, goals, findings, faults: this.#faults, failures: this.#failures }
  }

  #isWanted(...names: readonly string[]): boolean {
    return this.#only === undefined || this.#only.some((wanted) => names.includes(wanted))
  }

  async #try(id: string, scenario: Scenario): Promise<void> {
    if (!this.#isWanted(id)) return
    await this.#attempt(id, async () => {
      const { goal, purchases } = await inTime(scenario(this.#stage, this.#trial), longestScenarioMs, notOver)
      this.#keep([goal], purchases)
    })
  }

  #keep(goals: readonly Goal[], purchases: readonly Purchase[]): void {
    this.#goals.push(...goals)
    this.#purchases.push(...purchases)
    for (const goal of goals) this.#progress.say(`${goal.id} ${verdict(goal)}: ${goal.measured}`)
  }

  /** What fails is told and counts as a failure; the run goes on, with nothing left that fails on purpose. */
  async #attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 300)
      this.#failures.push(`${name}: ${why}`)
      this.#progress.say(`${name} FAILED: ${why}`)
      console.error(error)
    } finally {
      const { telegram, bucket, nowPayments } = this.#stage.world
      for (const { id } of telegram.faults.list()) telegram.faults.remove(id)
      bucket.faults.clear()
      nowPayments.faults.clear()
    }
  }
}

const paidOf = (purchases: readonly Purchase[]): Purchase[] =>
  purchases.filter(({ deliveredAt }) => deliveredAt !== undefined)
