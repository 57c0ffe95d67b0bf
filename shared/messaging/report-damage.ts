import { markFileDamaged } from '../db/damaged-files.ts'
import { type Queryable } from '../db/pool.ts'
import { type FileId } from '../domain/ids.ts'
import { notify } from './notify.ts'
import { alertAdmins } from './alert-admins.ts'

/**
 * An original is missing or altered: its product is withdrawn from sale, administrators and the seller hear of it, once.
 * False when it was known before.
 */
export async function reportDamage(tx: Queryable, fileId: FileId, reason: string): Promise<boolean> {
  const damaged = await markFileDamaged(tx, fileId)
  if (damaged === undefined) return false
  const { productId, productCode, title, sellerId, isCurrent } = damaged
  const effect = isCurrent ? 'withdrawn' : 'newer version'
  await alertAdmins(tx, `file:${fileId}`, { about: 'damaged file', title, effect, reason }, { ref: productCode })
  if (isCurrent) await notify(tx, sellerId, fileId, { kind: 'original damaged', productId, fileId })
  return true
}
