import { insertDeadLetter } from '../../shared/db/dead-letters.ts'
import { type FailedTry, type HeldDelivery, markDeliveryFailed, withdrawProduct } from '../../shared/db/deliveries.ts'
import { isDatabaseAway, inTransaction, type Queryable } from '../../shared/db/pool.ts'
import {
  alarmAfterTries,
  deliveryMethod,
  type DeliveryMethod,
  giveUpAfterMs,
  mostDocumentTries,
  pauseAfter,
} from '../../shared/domain/delivery.ts'
import { adminAlert, orderChanged } from '../../shared/events/index.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { ObjectCorrupt, ObjectMissing, StorageUnavailable } from '../../shared/storage/errors.ts'
import { isRefused, TelegramBusy } from '../../shared/telegram/errors.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'
import { Overtaken } from './hold-message.ts'
import { NotEntitled } from './show-file.ts'

/**
 * Nothing is lost in silence: a failed try becomes a row with its reason and the time of the next one. Then the message is
 * put off until that time; what a person must look at is done with, and waits as a dead letter.
 */
export async function keepFailure(deps: DeliverOrderDeps, delivery: HeldDelivery, error: unknown): Promise<void> {
  if (error instanceof RetryLater || isDatabaseAway(error)) throw error
  if (error instanceof Overtaken) return
  const failed = assess(delivery, error)
  const ids = { orderId: delivery.orderId, deliveryId: delivery.id, attempt: delivery.attempt }
  deps.log.warn({ ...ids, err: error, outcome: failed.outcome, pauseMs: failed.pauseMs }, 'delivery failed')
  const isOurs = await inTransaction(deps.db, async (tx) => {
    if (!(await markDeliveryFailed(tx, delivery, failed))) return false
    await tellPeople(tx, delivery, failed, error)
    return true
  })
  if (isOurs && failed.outcome === 'retry_wait') throw new RetryLater(failed.pauseMs)
}

/** What a failure means for this delivery. */
export function assess(delivery: HeldDelivery, error: unknown): FailedTry {
  const method = deliveryMethod(delivery.sizeBytes, delivery.documentTries)
  const reason = error instanceof Error ? error.message : String(error)
  const ends = (outcome: 'blocked' | 'dead'): FailedTry => ({ method, outcome, error: reason, pauseMs: 0, tries: 1 })
  if (isRefused(error, 'blocked')) return ends('blocked')
  if (error instanceof ObjectMissing || error instanceof ObjectCorrupt || error instanceof NotEntitled) {
    return ends('dead')
  }
  if (delivery.ageMs > giveUpAfterMs) return ends('dead')
  return { method, outcome: 'retry_wait', error: reason, ...pauseFor(delivery, method, error) }
}

function pauseFor(
  delivery: HeldDelivery,
  method: DeliveryMethod,
  error: unknown,
): Pick<FailedTry, 'pauseMs' | 'tries'> {
  const failedTries = (method === 'document' ? delivery.documentTries : delivery.linkTries) + 1
  if (error instanceof StorageUnavailable) return { pauseMs: pauseAfter('link', failedTries, Math.random()), tries: 0 }
  if (isRefused(error, 'too large')) return { pauseMs: 100, tries: mostDocumentTries }
  const pauseMs = error instanceof TelegramBusy ? error.retryAfterMs : pauseAfter(method, failedTries, Math.random())
  return { pauseMs, tries: 1 }
}

async function tellPeople(tx: Queryable, delivery: HeldDelivery, failed: FailedTry, error: unknown): Promise<void> {
  const { id, orderId, orderCode } = delivery
  const tries = delivery.documentTries + delivery.linkTries + 1
  if (failed.outcome === 'dead' && !(error instanceof NotEntitled)) {
    await insertDeadLetter(tx, {
      kind: 'delivery',
      ref: id,
      reason: failed.error,
      payload: { deliveryId: id, orderId },
    })
    if (error instanceof ObjectMissing || error instanceof ObjectCorrupt) await withdrawProduct(tx, delivery.productId)
    await enqueue(tx, orderChanged, orderId, { orderId })
    const text = `The file of order ${orderCode} cannot be delivered: ${failed.error}`
    await enqueue(tx, adminAlert, `delivery:${id}`, { kind: 'delivery', text, ref: orderCode })
  }
  if (failed.outcome === 'retry_wait' && tries === alarmAfterTries) {
    const text = `The file of order ${orderCode} failed ${tries} times: ${failed.error}`
    await enqueue(tx, adminAlert, `delivery:${id}`, { kind: 'delivery', text, ref: orderCode })
  }
}
