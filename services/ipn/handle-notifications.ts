import { type Logger } from 'pino'
import {
  claimNotifications,
  markNotificationHandled,
  type WaitingNotification,
} from '../../shared/db/payment-events.ts'
import { hastenPayment } from '../../shared/db/payments.ts'
import { type Database, inTransaction } from '../../shared/db/pool.ts'
import { adminAlert } from '../../shared/events/index.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'
import { type Settled } from './settle-payment.ts'

export type HandleNotificationsDeps = {
  readonly db: Database
  readonly log: Logger
  readonly settle: (providerId: string) => Promise<Settled>
}

const triesBeforePolling = 4

/** Acts upon notifications that were kept. One that cannot be acted upon now is tried again; polling covers the rest. */
export async function handleNotifications(deps: HandleNotificationsDeps, limit: number): Promise<number> {
  const waiting = await claimNotifications(deps.db, limit)
  await Promise.all(waiting.map((notification) => handle(deps, notification)))
  return waiting.length
}

async function handle(deps: HandleNotificationsDeps, notification: WaitingNotification): Promise<void> {
  const { id, providerId, tries } = notification
  if (providerId === null) return markNotificationHandled(deps.db, id, 'kept: not about a payment', null)
  const settled = await deps.settle(providerId)
  if (settled.kind === 'settled') return markNotificationHandled(deps.db, id, settled.result, settled.paymentId)
  if (settled.kind === 'unknown') return tellUnknown(deps, notification)
  // Polling covers a payment we know. One that is still to be adopted has nothing but this notification.
  if (tries < triesBeforePolling || settled.paymentId === null) return
  await hastenPayment(deps.db, settled.paymentId, 60)
  await markNotificationHandled(deps.db, id, `left to polling: ${settled.reason}`, settled.paymentId)
}

/** Money may be moving that no order of ours asked for; a person should know. */
async function tellUnknown(
  { db, log }: HandleNotificationsDeps,
  { id, providerId }: WaitingNotification,
): Promise<void> {
  log.warn({ eventId: id, providerId, code: 'ipn.unknown' }, 'a notification for a payment we did not ask for')
  await inTransaction(db, async (tx) => {
    await markNotificationHandled(tx, id, 'unknown payment', null)
    const text = `NOWPayments reported payment ${providerId ?? ''}, which belongs to no order`
    await enqueue(tx, adminAlert, `unknown-payment:${providerId ?? id}`, {
      kind: 'payments',
      text,
      ref: providerId ?? id,
    })
  })
}
