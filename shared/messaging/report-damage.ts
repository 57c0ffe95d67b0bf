import { markFileDamaged } from '../db/damaged-files.ts'
import { type Queryable } from '../db/pool.ts'
import { type FileId } from '../domain/ids.ts'
import { adminAlert } from '../events/index.ts'
import { notify } from './notify.ts'
import { enqueue } from './outbox.ts'

/**
 * An original is missing or altered: its product is withdrawn from sale, administrators and the seller hear of it, once.
 * False when it was known before.
 */
export async function reportDamage(tx: Queryable, fileId: FileId, reason: string): Promise<boolean> {
  const damaged = await markFileDamaged(tx, fileId)
  if (damaged === undefined) return false
  const { productId, productCode, title, sellerId, isCurrent } = damaged
  const consequence = isCurrent ? 'the product is withdrawn from sale' : 'a newer version is on sale'
  const text = `The original of "${title}" is damaged, ${consequence}: ${reason}`
  await enqueue(tx, adminAlert, `file:${fileId}`, { kind: 'integrity', text, ref: productCode })
  if (isCurrent) await notify(tx, sellerId, fileId, { kind: 'original damaged', productId, fileId })
  return true
}
