import { queueRemovals } from '../db/object-removals.ts'
import {
  type ProductToFill,
  insertChatFile,
  insertPageFile,
  lockArrivedSession,
  lockProductToFill,
  markFileOvertaken,
  newFileId,
  setNextFile,
} from '../db/product-files.ts'
import { type Queryable } from '../db/pool.ts'
import { reserveBytes, settleBytes } from '../db/quotas.ts'
import { cleanFileName, mostChatFileBytes, typeOf } from '../domain/file-rules.ts'
import { type FileId, type PersonId, type ProductId, type UploadSessionId } from '../domain/ids.ts'
import { type FileRefusal } from '../domain/notice.ts'
import { fileReceived } from '../events/index.ts'
import { enqueue } from './outbox.ts'

export type ReceivedFile =
  | { readonly kind: 'received'; readonly fileId: FileId }
  | { readonly kind: 'refused'; readonly reason: FileRefusal }
  | { readonly kind: 'not found' }

export type SentFile = {
  readonly seller: PersonId
  readonly productId: ProductId
  /** As the sender's device calls it. */
  readonly fileName: string
  readonly sizeBytes: bigint
  readonly telegramFileId: string
  readonly changelog: string
}

const refused = (reason: FileRefusal): ReceivedFile => ({ kind: 'refused', reason })

/**
 * Takes a file a seller sent in the chat: room is held for it, it takes the place of an unverified one, and `media` hears
 * of it. A refusal changes nothing.
 */
export async function receiveChatFile(tx: Queryable, sent: SentFile): Promise<ReceivedFile> {
  const fileName = cleanFileName(sent.fileName)
  const type = typeOf(fileName)
  if ('refused' in type) return refused(type.refused)
  if (sent.sizeBytes <= 0n) return refused('empty')
  if (sent.sizeBytes > mostChatFileBytes) return refused('too large')
  const product = await lockProductToFill(tx, sent.seller, sent.productId)
  if (product === undefined) return { kind: 'not found' }
  const limit = versionLimit(product)
  if (limit !== undefined) return refused(limit)
  if (!(await reserveBytes(tx, sent.seller, sent.sizeBytes, product.nextReservedBytes))) return refused('quota')

  const id = await newFileId(tx)
  const { productId, sizeBytes, telegramFileId, changelog } = sent
  await insertChatFile(tx, { id, productId, fileName, type, sizeBytes, telegramFileId, changelog })
  return putNext(tx, product, id)
}

/** Takes what the upload page sent, once its parts are one object. Asked again it answers the same. */
export async function receivePageFile(
  tx: Queryable,
  { sessionId }: { readonly sessionId: UploadSessionId },
): Promise<ReceivedFile> {
  const session = await lockArrivedSession(tx, sessionId)
  if (session === undefined) return { kind: 'not found' }
  if (session.isReceived) return { kind: 'received', fileId: session.fileId }
  const type = typeOf(session.fileName)
  if ('refused' in type) return refused(type.refused)
  const product = await lockProductToFill(tx, session.sellerId, session.productId)
  if (product === undefined) return { kind: 'not found' }
  const limit = versionLimit(product)
  if (limit !== undefined) return refused(limit)

  await insertPageFile(tx, sessionId, type)
  if (product.nextFileId !== null) {
    await settleBytes(tx, session.sellerId, { reserved: product.nextReservedBytes, used: 0n })
  }
  return putNext(tx, product, session.fileId)
}

/** For whoever is about to open the way for a file: too soon after the last version, or too many of them. */
export function versionLimit(product: ProductToFill): FileRefusal | undefined {
  if (product.hasTooManyVersions) return 'too many versions'
  return product.isTooSoon ? 'too soon' : undefined
}

async function putNext(tx: Queryable, product: ProductToFill, fileId: FileId): Promise<ReceivedFile> {
  if (product.nextFileId !== null) {
    await queueRemovals(tx, await markFileOvertaken(tx, product.nextFileId), 'replaced')
  }
  await setNextFile(tx, product.productId, fileId)
  await enqueue(tx, fileReceived, fileId, { fileId })
  return { kind: 'received', fileId }
}
