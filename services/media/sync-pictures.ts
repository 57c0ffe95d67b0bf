import { listProductsWithPictures } from '../../shared/db/images.ts'
import { type ProductId } from '../../shared/domain/ids.ts'
import { type PictureOutcome, type RepairMediaDeps, repairPictures } from './repair-media.ts'
import { sweepLocal } from './sweep-local.ts'

const pageSize = 200
const atOnce = 4

export type SyncTotals = Record<PictureOutcome | 'total' | 'failed', number>

/** Looks at the pictures of every product, four at a time, repairs what is missing on either side, and drops what is over. */
export async function syncPictures(deps: RepairMediaDeps, stopping: AbortSignal): Promise<SyncTotals> {
  const totals: SyncTotals = {
    total: 0,
    present: 0,
    fetched: 0,
    uploaded: 0,
    lost: 0,
    drawn: 0,
    remade: 0,
    found: 0,
    failed: 0,
  }
  for await (const page of pages(deps, stopping)) {
    const queue = [...page]
    await Promise.all(Array.from({ length: atOnce }, () => work(deps, queue, totals, stopping)))
    deps.log.info(totals, 'pictures looked at so far')
  }
  deps.log.info(totals, 'pictures are in step with the bucket')
  await sweepLocal(deps, stopping)
  return totals
}

async function* pages({ db }: RepairMediaDeps, stopping: AbortSignal): AsyncGenerator<ProductId[]> {
  let last: ProductId | undefined
  while (!stopping.aborted) {
    const page = await listProductsWithPictures(db, last, pageSize)
    if (page.length === 0) return
    yield page
    last = page.at(-1)
  }
}

async function work(
  deps: RepairMediaDeps,
  queue: ProductId[],
  totals: SyncTotals,
  stopping: AbortSignal,
): Promise<void> {
  for (let product = queue.shift(); product !== undefined && !stopping.aborted; product = queue.shift()) {
    totals.total += 1
    try {
      for (const outcome of await repairPictures(deps, product)) totals[outcome] += 1
    } catch (err) {
      totals.failed += 1
      deps.log.warn({ err, productId: product }, 'the pictures of a product could not be looked at')
    }
  }
}
