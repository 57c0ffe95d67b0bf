import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '../../../../sandbox/telegram/random.ts'
import { count, percentile, times, worst } from '../figures.ts'
import { genuine, kindsOfLies, type Posted, post } from '../forge.ts'
import { type Goal } from '../goals.ts'
import { type Purchase } from '../purchase.ts'
import { type Stage } from '../stage.ts'
import { orderUnpaid, type Trial } from './trial.ts'

type Answer = { readonly ms: number; readonly isHonest: boolean }

export type Load = {
  /** Waits until enough was posted, and returns what it found. */
  stop(): Promise<{ readonly goal: Goal; readonly purchases: readonly Purchase[] }>
}

/**
 * Notifications at a steady pace, whether earlier ones were answered or not: news of addresses that wait, the same once
 * more, what was long known of paid orders, and every kind of lie.
 */
export async function startLoad(stage: Stage, trial: Trial, paid: readonly Purchase[]): Promise<Load> {
  const { perSecond, seconds } = trial.sizes.load
  const targets = await orderUnpaid(stage, 10)
  const choose = chooser(stage, trial, targets, paid)
  const answers: Promise<Answer>[] = []
  const enough = new AbortController()
  const startedAt = performance.now()
  const running = (async () => {
    for (let index = 0; !enough.signal.aborted || index < perSecond * seconds; index += 1) {
      await pause(Math.max(0, startedAt + (index * 1000) / perSecond - performance.now()))
      answers.push(choose())
    }
  })()
  return {
    stop: async () => {
      enough.abort()
      await running
      const passed = (performance.now() - startedAt) / 1000
      return { goal: goalOf(await Promise.all(answers), passed, perSecond), purchases: targets }
    },
  }
}

function chooser(stage: Stage, { liar, seed }: Trial, targets: readonly Purchase[], paid: readonly Purchase[]) {
  const random = seededRandom(seed)
  const any = <One>(all: readonly One[]): One | undefined => all[Math.floor(random() * all.length)]
  const earlier: Posted[] = []
  const send = (posted: Posted): Promise<Answer> => timed(() => post(stage, posted), [200, 503])
  const lie = (about: Purchase): Promise<Answer> => {
    const kind = random() < 0.04 ? any(kindsOfLies) : any(['forged', 'tampered'] as const)
    return timed(() => liar.tell(stage, kind ?? 'forged', about), [200, 401, 503])
  }
  return (): Promise<Answer> => {
    const luck = random()
    const about = any(targets)
    if (about === undefined) throw new Error('Expected orders to notify about')
    if (luck < 0.4) return lie(about)
    if (luck < 0.55) return send(any(earlier) ?? genuine(stage, about, 'waiting'))
    if (luck < 0.65) return send(genuine(stage, any(paid) ?? about, 'waiting'))
    const news = genuine(stage, about, 'waiting')
    if (earlier.length < 1_000) earlier.push(news)
    return send(news)
  }
}

async function timed(work: () => Promise<number>, honest: readonly number[]): Promise<Answer> {
  const startedAt = performance.now()
  const status = await work()
  return { ms: performance.now() - startedAt, isHonest: honest.includes(status) }
}

function goalOf(answers: readonly Answer[], seconds: number, perSecond: number): Goal {
  const took = answers.map(({ ms }) => ms)
  const honest = answers.filter(({ isHonest }) => isHonest).length
  return {
    id: 'G7',
    goal: 'answer to a notification',
    target: `p99 ≤ 500 ms, max ≤ 2.5 s at ${perSecond}/s; all 2xx or an honest refusal`,
    measured: `${count(answers.length)} in ${Math.round(seconds)} s: ${times(took)}; ${count(answers.length - honest)} without an honest answer`,
    isMet: percentile(took, 0.99) <= 500 && worst(took) <= 2_500 && honest === answers.length,
    how: `${perSecond}/s over loopback, two in five of them lies, while G13 to G15 and G18 are tried`,
  }
}
