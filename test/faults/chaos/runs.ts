import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '../../../sandbox/telegram/random.ts'
import { sendForged } from './forge.ts'
import { follow, type Intention, order, type Purchase, settle } from './purchase.ts'
import { type Stage } from './stage.ts'

export type RunOptions = {
  readonly orders: number
  readonly seed: number
  readonly atOnce: number
  /** How long one file may take before it counts as lost. */
  readonly withinMs: number
  readonly say: (line: string) => void
}

/** 90 in 100 pay; of the others half pay too little and half nothing, and get forged notifications instead. */
function intentionFor(luck: number): Intention {
  if (luck < 0.9) return 'pay'
  return luck < 0.95 ? 'pay too little' : 'pay nothing'
}

/** Many purchases, some of them at the same time; each begins when another ends. A failure is kept, and told at the end. */
export async function buyMany(
  stage: Stage,
  options: RunOptions,
): Promise<{ purchases: Purchase[]; failures: string[] }> {
  const random = seededRandom(options.seed)
  const plan = Array.from({ length: options.orders }, () => ({
    productCode: random() < 0.5 ? 'TSBYEX23' : 'JVRNA123',
    intention: intentionFor(random()),
    twins: random() < 0.1 ? 1 : 0,
    hesitationMs: random() * 200,
  }))
  const purchases: Purchase[] = []
  const failures: string[] = []
  let begun = 0
  const buyNext = async (): Promise<void> => {
    for (let next = plan[begun]; next !== undefined; next = plan[begun]) {
      begun += 1
      if (begun % 100 === 0) options.say(`${begun} of ${options.orders} orders`)
      await pause(next.hesitationMs)
      await buy(stage, next, options.withinMs, purchases).catch((cause: unknown) => {
        failures.push(cause instanceof Error ? cause.message : String(cause))
      })
    }
  }
  await Promise.all(Array.from({ length: options.atOnce }, buyNext))
  return { purchases, failures }
}

type Plan = { readonly productCode: string; readonly intention: Intention; readonly twins: number }

async function buy(stage: Stage, plan: Plan, withinMs: number, purchases: Purchase[]): Promise<void> {
  const purchase = await order(stage, plan.productCode, plan.intention)
  purchases.push(purchase)
  if (plan.intention === 'pay nothing') await sendForged(stage, purchase)
  settle(stage, purchase, plan.twins)
  await follow(stage, purchase, withinMs)
}
