import { promoteProduct } from '../db/publication.ts'
import { type Queryable } from '../db/pool.ts'
import { type ProductId } from '../domain/ids.ts'
import { mediaMissing } from '../events/index.ts'
import { notify } from './notify.ts'
import { enqueue } from './outbox.ts'

/**
 * Puts a product that is being published (`processing`) on sale if nothing is missing, and tells its seller; has a picture
 * drawn when that is all it lacks. Whoever brings the last missing thing calls this in the same transaction.
 */
export async function putOnSale(tx: Queryable, productId: ProductId): Promise<void> {
  const { kind, sellerId } = await promoteProduct(tx, productId)
  if (kind === 'waits for a picture') await enqueue(tx, mediaMissing, productId, { productId })
  if (kind === 'on sale' && sellerId !== null) {
    await notify(tx, sellerId, productId, { kind: 'product on sale', productId })
  }
}
