import { type Logger } from 'pino'
import { queueRemovals } from '../../shared/db/object-removals.ts'
import { inTransaction, type Database, type Queryable } from '../../shared/db/pool.ts'
import { freeBytes, settleBytes } from '../../shared/db/quotas.ts'
import {
  dropNextFile,
  type FileClaim,
  findReplacedFile,
  lockProductOfFile,
  markFileReady,
  markFileRejected,
  type ProductOfFile,
  setCurrentFile,
  type VerifiedFile,
} from '../../shared/db/verify-files.ts'
import { type FileId } from '../../shared/domain/ids.ts'
import { type FileRefusal } from '../../shared/domain/notice.ts'
import { notify } from '../../shared/messaging/notify.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { putOnSale } from '../../shared/messaging/put-on-sale.ts'
import { tellOwners } from '../../shared/messaging/tell-owners.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'

export type CloseFileDeps = { readonly db: Database; readonly log: Logger }

const gone = new Set(['deleted', 'purged'])

/**
 * The file is verified: it is the version that is sold from now on, and everybody whom it concerns hears of it. False when
 * somebody else closed it meanwhile.
 */
export async function acceptFile(deps: CloseFileDeps, file: FileClaim, verified: VerifiedFile): Promise<boolean> {
  const outcome = await inTransaction(deps.db, async (tx) => {
    const product = await lockProductOfFile(tx, file.id)
    if (product === undefined || gone.has(product.status)) return 'gone'
    const version = await markFileReady(tx, file, verified)
    if (version === undefined) return 'overtaken'
    await settleBytes(tx, product.sellerId, { reserved: version.reservedBytes, used: version.sizeBytes })
    await setCurrentFile(tx, product, file.id, verified.hasExecutables)
    if (product.currentFileId !== null) await setAside(tx, product, product.currentFileId)
    await tell(tx, product, file.id, version.number)
    if (verified.hasExecutables) await warn(tx, product, file.id)
    await putOnSale(tx, product.productId)
    return 'sold'
  })
  if (outcome === 'gone') await refuseFile(deps, file, 'deleted')
  if (outcome !== 'sold') return outcome === 'gone'
  await failpoint('media.file-marked')
  deps.log.info({ fileId: file.id }, 'a file is verified')
  return true
}

/** A version nobody bought takes no room any more; one that was bought is kept, and counted apart. */
async function setAside(tx: Queryable, { sellerId }: ProductOfFile, id: FileId): Promise<void> {
  const replaced = await findReplacedFile(tx, id)
  if (replaced === undefined) return
  const { sizeBytes, isOwned } = replaced
  await freeBytes(tx, sellerId, { used: sizeBytes, retained: isOwned ? sizeBytes : 0n })
}

async function tell(tx: Queryable, product: ProductOfFile, fileId: FileId, number: number): Promise<void> {
  const { productId, sellerId, isPublished } = product
  if (!isPublished || number === 1) return
  await notify(tx, sellerId, fileId, { kind: 'version on sale', productId, fileId })
  await tellOwners(tx, { kind: 'new version', productId, fileId })
}

const warn = (tx: Queryable, { code }: ProductOfFile, fileId: FileId): Promise<void> =>
  alertAdmins(tx, `executables:${fileId}`, { about: 'executables' }, { ref: code })

/** The file is not taken: its room is free, its object goes, and its sender hears why. */
export async function refuseFile(deps: CloseFileDeps, file: FileClaim, reason: FileRefusal | 'deleted'): Promise<void> {
  const isOurs = await inTransaction(deps.db, async (tx) => {
    const product = await lockProductOfFile(tx, file.id)
    const rejected = await markFileRejected(tx, file, reason)
    if (product === undefined || rejected === undefined) return false
    const { productId, sellerId } = product
    await settleBytes(tx, sellerId, { reserved: rejected.reservedBytes, used: 0n })
    await dropNextFile(tx, productId, file.id)
    await queueRemovals(tx, [rejected], 'rejected')
    if (reason !== 'deleted') {
      await notify(tx, sellerId, file.id, { kind: 'file refused', productId, fileId: file.id, reason })
    }
    return true
  })
  if (!isOurs) return
  await failpoint('media.file-marked')
  deps.log.info({ fileId: file.id, reason }, 'a file is refused')
}
