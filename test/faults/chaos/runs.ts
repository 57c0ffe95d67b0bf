import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '../../../sandbox/telegram/random.ts'
import { tellShuffled } from './forge.ts'
import { type Liar } from './lies.ts'
import { follow, type Intention, order, type Purchase, settle, type Telling, type Wish } from './purchase.ts'
import { productCodes, type Stage } from './stage.ts'

export type RunOptions = {
  /** How many are paid for; a few more are not. */
  readonly orders: number
  readonly perSecond: number
  readonly seed: number
  /** After so long nobody begins to order any more, and what was not bought is not. */
  readonly withinMs: number
  /** How many of the paid ones NOWPayments tells nobody about; the first ones. */
  readonly untold?: number
  readonly liar: Liar
  readonly say: (line: string) => void
}

export type Bought = { readonly purchases: readonly Purchase[]; readonly failures: readonly string[] }

/** One after another would measure patience, all at once nothing but the queue. */
const mostAtOnce = 40
/** How long one file may take before it counts as lost. */
const fileWithinMs = 180_000
const sayEveryMs = 15_000

type Plan = Wish & { readonly hesitationMs: number }

/** Orders at a steady pace, as many at the same time as that takes. A failure is kept, and told at the end. */
export async function buyMany(stage: Stage, options: RunOptions): Promise<Bought> {
  const plan = planOf(options, seededRandom(options.seed))
  const purchases: Purchase[] = []
  const failures: string[] = []
  const underWay = new Set<Promise<void>>()
  const saying = setInterval(() => {
    const files = purchases.filter(({ deliveredAt }) => deliveredAt !== undefined).length
    options.say(`${purchases.length} of ${plan.length} orders, ${files} files`)
  }, sayEveryMs)
  const startedAt = performance.now()
  for (const [index, wish] of plan.entries()) {
    await pause(Math.max(0, startedAt + (index * 1000) / options.perSecond - performance.now()))
    while (underWay.size >= mostAtOnce) await Promise.race(underWay)
    if (performance.now() - startedAt > options.withinMs) break
    const luck = seededRandom(options.seed + 7919 * (index + 1))
    const bought = buy(stage, wish, options, luck, purchases)
      .catch((cause: unknown) => void failures.push(oneLine(cause)))
      .finally(() => underWay.delete(bought))
    underWay.add(bought)
  }
  await Promise.all(underWay)
  clearInterval(saying)
  return { purchases, failures }
}

/** What failed, and why. */
function oneLine(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure)
  const why = failure.cause === undefined ? '' : `: ${oneLine(failure.cause)}`
  return `${failure.message.replaceAll(/\s+/g, ' ').slice(0, 400)}${why}`
}

/** For each twenty that pay one pays nothing or too little, and is lied about. */
function planOf({ orders, untold = 0 }: RunOptions, random: () => number): Plan[] {
  const intentions = Array.from({ length: orders }, (_, index): readonly Intention[] =>
    index % 20 === 10 ? ['pay', random() < 0.5 ? 'pay nothing' : 'pay too little'] : ['pay'],
  ).flat()
  return intentions.map((intention, index) => ({
    intention,
    productCode: productCodes[random() < 0.5 ? 0 : 1],
    telling: index < untold ? 'not at all' : tellingFor(random()),
    hesitationMs: random() * 200,
  }))
}

function tellingFor(luck: number): Telling {
  if (luck < 0.1) return 'the last one twice'
  return luck < 0.2 ? 'each three times, shuffled' : 'as usual'
}

async function buy(
  stage: Stage,
  { hesitationMs, ...wish }: Plan,
  { liar }: RunOptions,
  random: () => number,
  purchases: Purchase[],
): Promise<void> {
  const purchase = await order(stage, wish)
  purchases.push(purchase)
  await pause(hesitationMs)
  if (purchase.intention !== 'pay') await liar.tellAll(stage, purchase)
  settle(stage, purchase)
  const isShuffled = purchase.intention === 'pay' && purchase.telling === 'each three times, shuffled'
  const told = isShuffled ? tellShuffled(stage, purchase, random) : undefined
  await follow(stage, purchase, fileWithinMs)
  await told
}
