import {
  type DriftedProduct,
  listDriftedProducts,
  listSellers,
  recountProduct,
  recountSeller,
} from '../../../shared/db/chores/recount.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { type PersonId } from '../../../shared/domain/ids.ts'
import { type Chore, type ChoreDeps, type Found } from '../chore.ts'

const batch = 500

/** Counters are kept as things happen; once a week they are counted from the rows, and what drifted is put right. */
export const recount: Chore = {
  name: 'recount',
  when: { weeklyAtUtc: '05:30', weekday: 0 },
  does: 'counts sales, views and room again, and corrects what drifted',
  run: async (deps, found) => {
    const products = await recountProducts(deps, found)
    const sellers = await recountSellers(deps, found, true)
    return { checked: sellers.checked + products, changed: sellers.changed + products, failed: 0 }
  },
  preview: async (deps, found) => {
    const products = await listDriftedProducts(deps.db, 10_000)
    for (const product of products) found(inWords(product))
    const sellers = await recountSellers(deps, found, false)
    return { checked: sellers.checked + products.length, changed: 0, failed: 0 }
  },
}

async function recountProducts({ db, signal }: ChoreDeps, found: Found): Promise<number> {
  let changed = 0
  for (;;) {
    const drifted = await listDriftedProducts(db, batch)
    for (const { id } of drifted) {
      const product = await inTransaction(db, (tx) => recountProduct(tx, id))
      if (product === undefined) continue
      found(inWords(product))
      changed += 1
    }
    if (drifted.length < batch || signal.aborted) return changed
  }
}

const inWords = ({ code, sales, countedSales, views, countedViews }: DriftedProduct): string =>
  `product ${code}: sales ${sales} to ${countedSales}, views ${views} to ${countedViews}`

async function recountSellers(
  { db, signal }: ChoreDeps,
  found: Found,
  isForReal: boolean,
): Promise<{ checked: number; changed: number }> {
  const report = { checked: 0, changed: 0 }
  let last: PersonId | undefined
  for (;;) {
    const sellers = await listSellers(db, last, batch)
    for (const seller of sellers) {
      const drift = await inTransaction(db, (tx) => recountSeller(tx, seller, isForReal))
      report.checked += 1
      if (drift === undefined) continue
      found(drift)
      report.changed += 1
    }
    last = sellers.at(-1)
    if (last === undefined || signal.aborted) return report
  }
}
