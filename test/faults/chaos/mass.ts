import { percentile, tally, time, times, worst } from './figures.ts'
import { type Goal } from './goals.ts'
import { untilQuiet } from './invariants.ts'
import { killInTurn } from './kills.ts'
import { startNemesis } from './nemesis.ts'
import { delaysOf, isUntold, type Purchase } from './purchase.ts'
import { type Bought, buyMany } from './runs.ts'
import { type Trial } from './scenarios/trial.ts'
import { secondsOf, type Sizes } from './sizes.ts'
import { pace, type Stage } from './stage.ts'

export type Mass = Bought & {
  readonly goals: readonly Goal[]
  /** What struck, and how often. */
  readonly faults: ReadonlyMap<string, number>
}

type Say = (line: string) => void

const quietWithinMs = 180_000

/** A phase may take a little longer than planned; a slow machine does less of it instead of going on for hours. */
const patience = (sizes: Sizes, phase: string): number => (secondsOf(sizes).get(phase) ?? 0) * 1_150

/** Nothing fails, but that NOWPayments tells nobody of the first few payments. Its client runs at its usual pace. */
export async function buyInCalm(stage: Stage, { sizes, seed, liar }: Trial, say: Say): Promise<Mass> {
  const bought = await buyMany(stage, { ...sizes.calm, withinMs: patience(sizes, 'calm'), seed, liar, say })
  const told = bought.purchases.filter((purchase) => !isUntold(stage, purchase))
  const untold = bought.purchases.filter((purchase) => isUntold(stage, purchase))
  const delays = delaysOf(told)
  const calm: Goal = {
    id: 'G8',
    goal: 'paid → delivered, no faults',
    target: 'p50 ≤ 1 s, p99 ≤ 3 s',
    measured: `${delays.length} orders at ${sizes.calm.perSecond}/s: ${times(delays)}`,
    isMet: percentile(delays, 0.5) <= 1_000 && percentile(delays, 0.99) <= 3_000,
    how: 'from `finished` at NOWPayments to the file in the chat; NOWPayments called at its usual pace',
  }
  return { ...bought, goals: [calm, polled(untold)], faults: new Map() }
}

function polled(untold: readonly Purchase[]): Goal {
  const slowest = worst(delaysOf(untold))
  return {
    id: 'G6',
    goal: 'all notifications lost',
    target: 'delivered ≤ 2 min after `finished`, by polling',
    measured: `${untold.length} orders, slowest ${time(slowest)}`,
    isMet: slowest <= 120_000,
    how: 'NOWPayments, played, sends none about these payments',
  }
}

/** One fault at a time: each service in turn, as often as wanted, while people buy. */
export async function buyWhileKilling(stage: Stage, { sizes, seed, liar }: Trial, say: Say): Promise<Mass> {
  await stage.processes.change({ NOWPAYMENTS_PACE: String(pace) })
  const withinMs = patience(sizes, 'kills')
  const buying = buyMany(stage, { ...sizes.kills, withinMs, seed: seed + 1, liar, say })
  const killing = killInTurn(stage, sizes.kills.ofEach, withinMs)
  const [bought, { backMs, ofEach }] = [await buying, await killing]
  await untilQuiet(stage, quietWithinMs)
  const delays = delaysOf(bought.purchases)
  const slow = delays.filter((ms) => ms > 30_000).length
  const goal: Goal = {
    id: 'G10',
    goal: 'kill -9 of each service in turn',
    target: '100 times each; back ≤ 5 s, backlog gone ≤ 30 s',
    measured: `${ofEach} times each: back ${times(backMs)}; ${delays.length} orders meanwhile: ${times(delays)}, ${slow} above 30 s`,
    isMet: worst(backMs) <= 5_000 && slow === 0,
    how: 'the next one as soon as the one before answers `/readyz`; from `finished` to the file in the chat',
  }
  return { ...bought, goals: [goal], faults: new Map([['kill -9 of a service, one at a time', backMs.length]]) }
}

/** Everything at once. */
export async function buyInChaos(stage: Stage, { sizes, seed, liar }: Trial, say: Say): Promise<Mass> {
  const nemesis = startNemesis(stage, seed)
  const startedAt = Date.now()
  const bought = await buyMany(stage, {
    ...sizes.chaos,
    withinMs: patience(sizes, 'chaos'),
    seed: seed + 2,
    liar,
    say,
  })
  const faults = await nemesis.stop()
  const lastFaultAt = Date.now()
  await untilQuiet(stage, quietWithinMs)
  say(tally(faults))
  const struck = [...faults.values()].reduce((sum, times) => sum + times, 0)
  const perSecond = struck / ((lastFaultAt - startedAt) / 1000)
  const untold = bought.purchases.filter((purchase) => isUntold(stage, purchase))
  const delays = delaysOf(bought.purchases.filter((purchase) => !untold.includes(purchase)))
  const after = Math.max(0, ...bought.purchases.map(({ deliveredAt = 0 }) => deliveredAt - lastFaultAt))
  const goal: Goal = {
    id: 'G9',
    goal: 'the same under faults',
    target: '≥ 1 fault a second: p99 ≤ 30 s; everything ≤ 60 s after the last fault',
    measured: `${struck} faults, ${perSecond.toFixed(1)} a second; ${delays.length} orders: ${times(delays)}; last file ${time(after)} after the last fault. Besides ${untold.length} that NOWPayments told nobody about (G6), slowest ${time(worst(delaysOf(untold)))}`,
    isMet: perSecond >= 1 && percentile(delays, 0.99) <= 30_000 && after <= 60_000,
    how: 'the seed gives the order of faults; counts by kind below',
  }
  return { ...bought, goals: [goal], faults }
}
