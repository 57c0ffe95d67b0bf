import { setTimeout as pause } from 'node:timers/promises'
import { time, worst } from '../figures.ts'
import { forgetFiles } from '../nemesis.ts'
import { delaysOf, type Purchase } from '../purchase.ts'
import { type Stage } from '../stage.ts'
import { bringAll, orderSome, type Scenario } from './trial.ts'

const kinds = ['error', 'truncate', 'reset', 'slow down'] as const

/** First the bucket answers badly half of the time while nothing is cached, then not at all while everything is. */
export const faultyBucket: Scenario = async (stage, { sizes }) => {
  const { bucket } = stage.world
  const shaky = await orderSome(stage, sizes.few)
  const fromCache = await orderSome(stage, sizes.few)
  const stops = kinds.map((kind) => bucket.faults.inject({ kind, on: 'get', chance: 0.16 }))
  await withoutCache(stage, () => bringAll(stage, shaky))
  for (const stop of stops) stop()
  const away = bucket.faults.inject({ kind: 'unavailable' })
  await pause(sizes.bucketAwayMs)
  await bringAll(stage, fromCache)
  away()
  const purchases = [...shaky, ...fromCache]
  const wrong = await countWrongFiles(stage, purchases)
  return {
    goal: {
      id: 'G13',
      goal: 'bucket: errors, cuts, resets; away',
      target: '0 corrupt deliveries; cached files still delivered',
      measured: `${wrong} corrupt of ${purchases.length}; slowest ${time(worst(delaysOf(shaky)))}; with the bucket away ${time(sizes.bucketAwayMs)} ${fromCache.length} cached files, slowest ${time(worst(delaysOf(fromCache)))}`,
      isMet: wrong === 0 && delaysOf(fromCache).length === fromCache.length,
      how: 'every other read answered badly and nothing cached, each file read anew; then every call refused. Wrong bytes are never sent and go to a person: `npm test`',
    },
    purchases,
  }
}

/** Whatever Telegram holds is forgotten again and again, so that each file is read anew. */
async function withoutCache(stage: Stage, work: () => Promise<void>): Promise<void> {
  const over = new AbortController()
  const forgetting = (async () => {
    while (!over.signal.aborted) {
      await forgetFiles(stage.world)
      await pause(20)
    }
  })()
  await work().finally(() => {
    over.abort()
  })
  await forgetting
}

async function countWrongFiles(stage: Stage, purchases: readonly Purchase[]): Promise<number> {
  const files = purchases.flatMap(({ buyer, productCode }) =>
    buyer.deliveries().map(async (file) => (await buyer.sha256Of(file)) !== stage.sold.get(productCode)),
  )
  return (await Promise.all(files)).filter((isWrong) => isWrong).length
}
