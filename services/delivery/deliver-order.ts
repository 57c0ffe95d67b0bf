import { type Logger } from 'pino'
import {
  claimDelivery,
  deliveryFreeInMs,
  type HeldDelivery,
  markDelivered,
  releaseDelivery,
} from '../../shared/db/deliveries.ts'
import { type Database, inTransaction } from '../../shared/db/pool.ts'
import { type DeliveryId } from '../../shared/domain/ids.ts'
import { type DeliveryRequested } from '../../shared/events/index.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { type ObjectStore } from '../../shared/storage/object-store.ts'
import { type Telegram } from '../../shared/telegram/client.ts'
import { type DeliveryFigures } from './figures.ts'
import { keepFailure } from './keep-failure.ts'
import { leaseMs, Overtaken, withMessage } from './hold-message.ts'
import { showFile } from './show-file.ts'
import { tellArrived } from './tell-arrived.ts'

export type DeliverOrderDeps = {
  readonly db: Database
  readonly telegram: Telegram
  readonly bucket: ObjectStore
  readonly log: Logger
  /** Where originals wait for their upload. */
  readonly temporaryDir: string
  /** Where the local copies of pictures are. */
  readonly dataDir: string
  /** Base of download links, without a slash at the end. */
  readonly publicUrl: string
  /** Until one more message may go out; without it none waits. */
  readonly waitForTurn?: () => Promise<void>
  readonly figures?: DeliveryFigures
}

/** Turns a message into the bought file. Every step may be repeated: the message holds one file however often. */
export async function deliverOrder(deps: DeliverOrderDeps, { deliveryId }: DeliveryRequested): Promise<void> {
  const delivery = await claimDelivery(deps.db, deliveryId, leaseMs)
  if (delivery === undefined) return waitForHolder(deps.db, deliveryId)
  try {
    await failpoint('delivery.claimed')
    await bring(deps, delivery)
  } catch (error) {
    await keepFailure(deps, delivery, error).catch(unlessOvertaken)
  } finally {
    await releaseDelivery(deps.db, delivery)
  }
}

/** Whoever took over finishes this, and tells what has to be told. */
function unlessOvertaken(error: unknown): void {
  if (!(error instanceof Overtaken)) throw error
}

/** A delivery that is over needs nothing; one that is held, or not due yet, is asked for again when it is free. */
async function waitForHolder(db: Database, id: DeliveryId): Promise<void> {
  const ms = await deliveryFreeInMs(db, id)
  if (ms !== undefined) throw new RetryLater(Math.max(ms, 100))
}

async function bring(deps: DeliverOrderDeps, delivery: HeldDelivery): Promise<void> {
  await withMessage(deps, delivery, async (message) => {
    const { method, messageId } = await showFile(deps, delivery, message)
    await failpoint('delivery.shown')
    // An edit makes no sound. Told before it is marked: a crash in between repeats a line of text, and loses nothing.
    if (!delivery.wasSent) await tellArrived(deps, delivery, message, { method, messageId })
    await failpoint('delivery.told')
    const delivered = await inTransaction(deps.db, (tx) => markDelivered(tx, delivery, method, messageId))
    await failpoint('delivery.marked')
    if (delivered !== undefined) deps.figures?.onDelivered(method, delivered.paidSecondsAgo)
    const { orderId, orderCode, id: deliveryId, attempt } = delivery
    const isOurs = delivered !== undefined
    deps.log.info({ orderId, orderCode, deliveryId, attempt, method, isOurs }, 'file delivered')
  })
}
