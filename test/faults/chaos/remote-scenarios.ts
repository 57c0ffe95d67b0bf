import { setTimeout as pause } from 'node:timers/promises'
import { time, worst } from './figures.ts'
import { delaysOf, follow, order, type Purchase, settle } from './purchase.ts'
import { type Scenario } from './scenarios.ts'
import { type Stage } from './stage.ts'

const withinMs = 300_000
const cached = 'TSBYEX23'

const orderSome = (stage: Stage, count: number): Promise<Purchase[]> =>
  Promise.all(Array.from({ length: count }, () => order(stage, cached, 'pay')))

async function bringAll(stage: Stage, purchases: readonly Purchase[]): Promise<void> {
  for (const purchase of purchases) settle(stage, purchase, 0)
  await Promise.all(purchases.map((purchase) => follow(stage, purchase, withinMs)))
}

const forgetFiles = ({ world }: Stage): Promise<unknown> =>
  world.db.query(`delete from telegram_files where kind = 'document'`)

async function countWrongFiles(stage: Stage, purchases: readonly Purchase[]): Promise<number> {
  const files = purchases.flatMap(({ buyer, productCode }) =>
    buyer.files().map(async (file) => (await buyer.sha256Of(file)) !== stage.sold.get(productCode)),
  )
  return (await Promise.all(files)).filter((isWrong) => isWrong).length
}

/** First the bucket answers badly half of the time while nothing is cached, then not at all while everything is. */
export const faultyBucket: Scenario = async (stage) => {
  const { faults } = stage.world.bucket
  const shaky = await orderSome(stage, 10)
  const fromCache = await orderSome(stage, 10)
  await forgetFiles(stage)
  const stops = (['error', 'truncate', 'reset', 'slow down'] as const).map((kind) =>
    faults.inject({ kind, on: 'get', chance: 0.2 }),
  )
  await bringAll(stage, shaky)
  for (const stop of stops) stop()
  const away = faults.inject({ kind: 'unavailable' })
  await bringAll(stage, fromCache)
  away()
  const wrong = await countWrongFiles(stage, [...shaky, ...fromCache])
  return {
    goal: {
      id: 'G13',
      goal: 'bucket: errors, cuts and resets at every other read; then away',
      target: '0 corrupt deliveries; cached files still delivered',
      measured: `${wrong} corrupt of ${shaky.length + fromCache.length}; slowest ${time(worst(delaysOf(shaky)))}, cached ones ${time(worst(delaysOf(fromCache)))}`,
      isMet: wrong === 0 && delaysOf(fromCache).length === fromCache.length,
    },
    purchases: [...shaky, ...fromCache],
  }
}

export const faultyTelegram: Scenario = async (stage) => {
  const { faults } = stage.world.telegram
  const purchases = await orderSome(stage, 20)
  faults.clear()
  const rules = [
    faults.add({ kind: 'retry_after', seconds: 1, probability: 0.3, method: 'edit*' }),
    faults.add({ kind: 'retry_after', seconds: 1, probability: 0.3, method: 'send*' }),
    faults.add({ kind: 'error', status: 502, probability: 0.2 }),
    faults.add({ kind: 'hang', probability: 0.02 }),
    faults.add({ kind: 'drop', after: true, probability: 0.1 }),
  ]
  await bringAll(stage, purchases)
  for (const { id } of rules) faults.remove(id)
  await pause(3_000) // whatever is still on its way arrives: a second file would show
  const second = purchases.filter(({ buyer }) => buyer.files().length > 1).length
  const violations = faults.retryAfterViolations
  return {
    goal: {
      id: 'G14',
      goal: 'Telegram: 30 % 429, 20 % 5xx, hanging and lost answers',
      target: '0 second files; `retry_after` never violated',
      measured: `${second} second files of ${purchases.length}; ${violations} calls too early; slowest ${time(worst(delaysOf(purchases)))}`,
      isMet: second === 0 && violations === 0,
    },
    purchases,
  }
}

const leaseMs = 20_000

/** Stopped in the middle of whatever it is doing, woken after its lease is over and another has done the work. */
export const pausedWorker: Scenario = async (stage) => {
  const purchases: Purchase[] = []
  for (let time = 0; time < 3; time += 1) {
    const bought = await order(stage, cached, 'pay')
    await forgetFiles(stage)
    settle(stage, bought, 0)
    await pause(150 * (time + 1)) // another moment of the delivery each time
    await stage.processes.whilePaused(['delivery'], () => pause(leaseMs + 5_000))
    await follow(stage, bought, withinMs)
    purchases.push(bought)
  }
  const second = purchases.filter(({ buyer }) => buyer.files().length > 1).length
  return {
    goal: {
      id: 'G18',
      goal: 'delivery worker stopped for longer than its lease',
      target: '0 second files',
      measured: `${second} second files of ${purchases.length}, besides those in the chaos`,
      isMet: second === 0,
    },
    purchases,
  }
}
