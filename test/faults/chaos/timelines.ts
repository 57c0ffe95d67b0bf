import { findAdminOrder, listTimeline } from '../../../shared/db/order-timeline.ts'
import { time } from './figures.ts'
import { type Findings } from './invariants.ts'
import { isUntold, type Purchase } from './purchase.ts'
import { type Stage } from './stage.ts'

const most = 5
const slowMs = 30_000

type Seen = { readonly findings: Findings; readonly purchases: readonly Purchase[]; readonly seed: number }

/** All that is known of the first few orders with which something is wrong, and of the slowest. */
export async function printTimelines(stage: Stage, { findings, purchases, seed }: Seen): Promise<void> {
  const { lost, twice, wrong, released, unlike } = findings
  const codes = new Set([...lost, ...twice, ...wrong, ...released, ...unlike])
  for (const code of [...codes].slice(0, most)) await printTimeline(stage, `seed ${seed}, order ${code}`, code)
  for (const purchase of slowest(stage, purchases)) {
    const { orderCode, finishedAt = 0 } = purchase
    const took = Number.isFinite(delayOf(purchase)) ? `took ${time(delayOf(purchase))}` : 'took too long'
    await printTimeline(
      stage,
      `seed ${seed}, order ${orderCode} ${took} after ${new Date(finishedAt).toISOString()}`,
      orderCode,
    )
  }
}

/** Those NOWPayments told of, and whose file took long all the same. */
function slowest(stage: Stage, purchases: readonly Purchase[]): Purchase[] {
  return purchases
    .filter((purchase) => delayOf(purchase) > slowMs && !isUntold(stage, purchase))
    .sort((left, right) => delayOf(right) - delayOf(left))
    .slice(0, most)
}

/** Infinite when nobody waited for the file any longer. */
function delayOf({ finishedAt, deliveredAt }: Purchase): number {
  if (finishedAt === undefined) return 0
  return deliveredAt === undefined ? Infinity : deliveredAt - finishedAt
}

async function printTimeline({ world: { db } }: Stage, head: string, code: string): Promise<void> {
  const order = await findAdminOrder(db, code)
  if (order === undefined) return
  console.log(`${head}: ${order.status}`)
  for (const { at, kind, detail } of await listTimeline(db, order.id)) {
    console.log(`  ${at.toISOString()}  ${kind}  ${detail}`)
  }
}
