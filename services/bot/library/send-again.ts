import { type DeliveryId, type PersonId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import {
  countFileRequests,
  type FileVersion,
  findFileRequest,
  findOwnedProduct,
  insertFileRequest,
  type OwnedProduct,
} from '../../../shared/db/library.ts'
import { lockBuyer } from '../../../shared/db/offers.ts'
import { type Database, inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { deliveryRequested } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'

export type Version = 'latest' | 'bought'

export type SentAgain =
  | { readonly kind: 'not owned' | 'on its way' }
  | { readonly kind: 'too often'; readonly nextAt: Date }
  | { readonly kind: 'queued'; readonly deliveryId: DeliveryId }

export type SendAgainDeps = {
  readonly db: Database
  /** Sends the line of text that becomes the file, and returns its id. */
  readonly announce: (owned: OwnedProduct, file: FileVersion) => Promise<bigint>
}

export type FileWish = { readonly buyer: PersonId; readonly product: PublicCode; readonly version: Version }

export const mostRequestsPerHour = 10

/**
 * A fresh message for a file somebody owns, and a delivery of its own into it. A crash before the delivery is stored
 * leaves a line of text; after it, asking again finds the file on its way.
 */
export async function sendAgain({ db, announce }: SendAgainDeps, wish: FileWish): Promise<SentAgain> {
  const before = await judge(db, wish)
  if (before.kind !== 'allowed') return before
  const messageId = await announce(before.owned, before.file)
  await failpoint('bot.message-sent')
  return inTransaction(db, async (tx) => {
    await lockBuyer(tx, wish.buyer)
    const judged = await judge(tx, wish)
    return judged.kind === 'allowed' ? queue(tx, wish.buyer, judged, messageId) : judged
  })
}

type Allowed = { readonly kind: 'allowed'; readonly owned: OwnedProduct; readonly file: FileVersion }

async function judge(db: Queryable, { buyer, product, version }: FileWish): Promise<Allowed | SentAgain> {
  const owned = await findOwnedProduct(db, buyer, product)
  if (owned === undefined) return { kind: 'not owned' }
  const file = owned[version]
  if ((await findFileRequest(db, owned.orderId, file.fileId)) !== undefined) return { kind: 'on its way' }
  const { nextAt } = await countFileRequests(db, buyer, mostRequestsPerHour)
  return nextAt === null ? { kind: 'allowed', owned, file } : { kind: 'too often', nextAt }
}

async function queue(tx: Queryable, chatId: PersonId, allowed: Allowed, messageId: bigint): Promise<SentAgain> {
  const { owned, file } = allowed
  const request = { orderId: owned.orderId, fileId: file.fileId, chatId, messageId }
  const deliveryId = await insertFileRequest(tx, request)
  if (deliveryId === undefined) return { kind: 'not owned' }
  await enqueue(tx, deliveryRequested, deliveryId, { deliveryId })
  return { kind: 'queued', deliveryId }
}
