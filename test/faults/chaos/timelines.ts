import { findAdminOrder, listTimeline } from '../../../shared/db/order-timeline.ts'
import { type Findings } from './invariants.ts'
import { type Stage } from './stage.ts'

const most = 5

/** All that is known of the first few orders with which something is wrong. */
export async function printTimelines({ world: { db } }: Stage, findings: Findings, seed: number): Promise<void> {
  const { lost, twice, wrong, released, unlike } = findings
  const codes = new Set([...lost, ...twice, ...wrong, ...released, ...unlike])
  for (const code of [...codes].slice(0, most)) {
    const order = await findAdminOrder(db, code)
    if (order === undefined) continue
    console.log(`seed ${seed}, order ${code}: ${order.status}`)
    for (const { at, kind, detail } of await listTimeline(db, order.id)) {
      console.log(`  ${at.toISOString()}  ${kind}  ${detail}`)
    }
  }
}
