import { raiseAlarm } from '../../shared/db/alarms.ts'
import { insertDeadLetter } from '../../shared/db/dead-letters.ts'
import { type FailedTry, type HeldDelivery, markDeliveryFailed } from '../../shared/db/deliveries.ts'
import { isDatabaseAway, inTransaction, type Queryable } from '../../shared/db/pool.ts'
import {
  alarmAfterTries,
  deliveryMethod,
  type DeliveryMethod,
  giveUpAfterMs,
  mostDocumentTries,
  pauseAfter,
  pauseForStorage,
} from '../../shared/domain/delivery.ts'
import { markAbsent } from '../../shared/db/users.ts'
import { type Alert } from '../../shared/domain/alert.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { reportDamage } from '../../shared/messaging/report-damage.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { ObjectCorrupt, ObjectMissing, StorageRefused, StorageUnavailable } from '../../shared/storage/errors.ts'
import { isRefused, TelegramBusy, TelegramUnreachable } from '../../shared/telegram/errors.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'
import { Overtaken } from './hold-message.ts'
import { NotEntitled } from './show-file.ts'
import { tellTrouble, type Trouble } from './tell-trouble.ts'

/**
 * Nothing is lost in silence: a failed try becomes a row with its reason and the time of the next one. Then the message is
 * put off until that time; what a person must look at is done with, and waits as a dead letter.
 */
export async function keepFailure(deps: DeliverOrderDeps, delivery: HeldDelivery, error: unknown): Promise<void> {
  if (error instanceof RetryLater || isDatabaseAway(error)) throw error
  if (error instanceof Overtaken) return
  const assessed = assess(delivery, error)
  const ids = { orderId: delivery.orderId, deliveryId: delivery.id, attempt: delivery.attempt }
  const { outcome, pauseMs } = assessed
  deps.log.warn({ ...ids, reason: reasonOf(error), err: error, outcome, pauseMs }, 'delivery failed')
  const told = (await tellBuyer(deps, delivery, assessed, error)) ? assessed : untilTold(delivery, assessed)
  const kept = await inTransaction(deps.db, async (tx) => {
    const failed = await unlessBackAlready(tx, delivery, told)
    if (!(await markDeliveryFailed(tx, delivery, failed))) return undefined
    await tellAdmins(tx, delivery, failed, error)
    return failed
  })
  if (kept?.outcome === 'retry_wait') throw new RetryLater(kept.pauseMs)
}

/** The word an operator looks for. */
function reasonOf(error: unknown): string {
  if (isRefused(error, 'blocked')) return 'delivery.blocked'
  if (isRefused(error, 'too large')) return 'delivery.too_large'
  if (error instanceof TelegramBusy) return 'telegram.429'
  if (error instanceof TelegramUnreachable) return 'telegram.unknown'
  if (isBroken(error)) return 'integrity.failed'
  if (isStorageAway(error)) return 's3.down'
  return error instanceof NotEntitled ? 'access.denied' : 'delivery.failed'
}

/** Whoever came back while this try was under way is not waited for: nothing would ever ask for the file again. */
async function unlessBackAlready(tx: Queryable, delivery: HeldDelivery, failed: FailedTry): Promise<FailedTry> {
  if (failed.outcome !== 'blocked' || (await markAbsent(tx, delivery.buyerId, delivery.claimedAt))) return failed
  return { ...failed, outcome: 'retry_wait', pauseMs: 1_000, tries: 0 }
}

/** A buyer who could not be told that the file is broken is told by the next try. */
const untilTold = (delivery: HeldDelivery, failed: FailedTry): FailedTry => ({
  ...failed,
  outcome: 'retry_wait',
  pauseMs: pauseAfter('link', delivery.linkTries + 1, Math.random()),
  method: 'link',
})

/** False when the buyer still has to be told before this delivery may be given up. */
async function tellBuyer(
  deps: DeliverOrderDeps,
  delivery: HeldDelivery,
  failed: FailedTry,
  error: unknown,
): Promise<boolean> {
  const trouble = troubleOf(delivery, failed, error)
  if (trouble === undefined) return true
  const mustBeTold = failed.outcome === 'dead' && delivery.ageMs <= giveUpAfterMs
  try {
    await tellTrouble(deps, delivery, trouble)
    return true
  } catch (err) {
    if (err instanceof Overtaken || isDatabaseAway(err)) throw err
    if (err instanceof RetryLater && mustBeTold) throw err
    deps.log.warn({ err, orderId: delivery.orderId, trouble }, 'the buyer could not be told that the file is late')
    return !(mustBeTold && (err instanceof TelegramBusy || err instanceof TelegramUnreachable))
  }
}

const patienceMs = 60_000

/** A file that is there already is never covered by words about it; a first hiccup is nobody's concern. */
function troubleOf(delivery: HeldDelivery, { outcome }: FailedTry, error: unknown): Trouble | undefined {
  if (delivery.wasSent || outcome === 'blocked') return undefined
  if (outcome === 'retry_wait') return delivery.ageMs > patienceMs ? 'trouble' : undefined
  if (!(error instanceof NotEntitled)) return 'problem'
  return delivery.kind === 'again' ? 'withdrawn' : undefined
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
  if (isStorageAway(error)) return { pauseMs: pauseForStorage(delivery.ageMs, Math.random()), tries: 0 }
  if (isRefused(error, 'not authorised')) return { pauseMs: pauseAfter('link', failedTries, Math.random()), tries: 0 }
  if (isRefused(error, 'too large')) return { pauseMs: 100, tries: mostDocumentTries }
  const pauseMs = error instanceof TelegramBusy ? error.retryAfterMs : pauseAfter(method, failedTries, Math.random())
  return { pauseMs, tries: 1 }
}

/** Neither is the file's fault, nor Telegram's: another way of sending would not help. */
const isStorageAway = (error: unknown): boolean =>
  error instanceof StorageUnavailable || error instanceof StorageRefused

const isBroken = (error: unknown): boolean => error instanceof ObjectMissing || error instanceof ObjectCorrupt

async function tellAdmins(tx: Queryable, delivery: HeldDelivery, failed: FailedTry, error: unknown): Promise<void> {
  const { id, orderId, fileId } = delivery
  if (isBroken(error)) await reportDamage(tx, fileId, failed.error)
  if (isBroken(error) || (failed.outcome === 'dead' && !(error instanceof NotEntitled))) {
    const payload = { deliveryId: id, orderId, damaged: isBroken(error) }
    const isNew = await insertDeadLetter(tx, { kind: 'delivery', ref: id, reason: failed.error, payload })
    if (isNew) await alert(tx, delivery, { about: 'dead delivery', reason: failed.error })
    return
  }
  if (failed.outcome !== 'retry_wait') return
  const before = delivery.documentTries + delivery.linkTries
  if (before < alarmAfterTries && before + failed.tries >= alarmAfterTries) {
    const tries = String(before + failed.tries)
    await alert(tx, delivery, { about: 'failing delivery', tries, reason: failed.error })
  }
  if (isStorageAway(error) && delivery.ageMs > storagePatienceMs) await alarmStorage(tx, failed.error)
}

const storagePatienceMs = 10 * 60_000

const alert = (tx: Queryable, { id, orderCode }: HeldDelivery, what: Alert): Promise<void> =>
  alertAdmins(tx, `delivery:${id}`, what, { ref: orderCode })

/** Every delivery waits for the same bucket: one alarm for all of them, until files arrive again. */
const alarmStorage = (tx: Queryable, detail: string): Promise<void> =>
  raiseAlarm(tx, { kind: 'bucket', subject: 'deliveries', count: 1, detail }, { lapsesAfterSeconds: 1_800 })
