import { type Logger } from 'pino'
import {
  claimNotifications,
  holdNotifications,
  markNotificationsHandled,
  type WaitingNotification,
} from '../../shared/db/payment-events.ts'
import { hastenPayment } from '../../shared/db/due-payments.ts'
import { findKnownPayment, type KnownPayment } from '../../shared/db/known-payments.ts'
import { type Database, inTransaction, isDatabaseAway } from '../../shared/db/pool.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { readNotification } from '../../shared/nowpayments/notification.ts'
import { parseStrictObject } from '../../shared/nowpayments/strict-json.ts'
import { reviewRedeposit } from './keep-redeposit.ts'
import { type Settled } from './settle-payment.ts'
import { tellsNews } from './tells-news.ts'
import { whileRenewing } from './while-renewing.ts'

export type HandleNotificationsDeps = {
  readonly db: Database
  readonly log: Logger
  readonly settle: (providerId: string) => Promise<Settled>
  readonly renewEveryMs?: number
}

const triesBeforePolling = 4
/** About ten minutes of trying. */
const triesBeforeAlert = 10

/**
 * Acts upon notifications that were kept: one re-read for all that came about one payment, and none for what is known
 * already. What cannot be acted upon now is tried again; polling covers the payments we know.
 */
export async function handleNotifications(deps: HandleNotificationsDeps, limit: number): Promise<number> {
  const waiting = await claimNotifications(deps.db, limit)
  const byPayment = Map.groupBy(waiting, ({ providerId }) => providerId)
  const handled = await Promise.allSettled([...byPayment].map(([id, about]) => handleHeld(deps, id, about)))
  const failed = handled.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return waiting.length
}

type Notifications = readonly WaitingNotification[]

/** Many wait for their turn to ask, and NOWPayments may be slow: meanwhile no other copy takes the same up. */
const handleHeld = (deps: HandleNotificationsDeps, id: string | null, about: Notifications): Promise<void> =>
  whileRenewing(
    deps.log,
    deps.renewEveryMs ?? 2_000,
    () => holdNotifications(deps.db, about, 5),
    () => handle(deps, id, about),
  )

async function handle(deps: HandleNotificationsDeps, providerId: string | null, about: Notifications): Promise<void> {
  try {
    if (providerId === null) await finish(deps, about, 'kept: not about a payment', null)
    else await settleAbout(deps, providerId, about)
  } catch (error) {
    if (isDatabaseAway(error)) throw error
    deps.log.error({ err: error, providerId }, 'a notification could not be acted upon; it is tried again')
    await alertOnce(deps, providerId, about, error instanceof Error ? error.message : String(error))
  }
}

async function settleAbout(deps: HandleNotificationsDeps, providerId: string, about: Notifications): Promise<void> {
  const known = await findKnownPayment(deps.db, providerId)
  if (known !== undefined && !about.some(({ raw }) => isNews(known, raw))) {
    return finish(deps, about, 'nothing new', known.id)
  }
  const settled = await deps.settle(providerId)
  if (settled.kind === 'settled') await finish(deps, about, settled.result, settled.paymentId)
  else if (settled.kind === 'unknown') await tellUnknown(deps, providerId, about)
  else await putOff(deps, providerId, about, settled)
}

function isNews(known: KnownPayment, raw: string): boolean {
  const said = readNotification(parseStrictObject(raw))
  return said.kind !== 'payment' || tellsNews(known, said)
}

async function finish(
  { db, log }: Pick<HandleNotificationsDeps, 'db' | 'log'>,
  about: Notifications,
  result: string,
  paymentId: Extract<Settled, { kind: 'settled' }>['paymentId'] | null,
): Promise<void> {
  await markNotificationsHandled(db, idsOf(about), result, paymentId)
  for (const { id: eventId, providerId } of about) {
    log.info({ eventId, providerId, paymentId, result }, 'notification acted upon')
  }
}

const idsOf = (about: Notifications): string[] => about.map(({ id }) => id)

/** Polling covers a payment that is watched. One still to be adopted, or long accepted, has nothing but its notification. */
async function putOff(
  deps: HandleNotificationsDeps,
  providerId: string,
  about: Notifications,
  { paymentId, reason }: Extract<Settled, { kind: 'later' }>,
): Promise<void> {
  if (paymentId === null) return alertOnce(deps, providerId, about, reason)
  const over = about.filter(({ tries }) => tries >= triesBeforePolling)
  if (over.length === 0) return
  if (!(await hastenPayment(deps.db, paymentId, 60))) return alertOnce(deps, providerId, about, reason)
  await finish(deps, over, `left to polling: ${reason}`, paymentId)
}

async function alertOnce(
  { db }: HandleNotificationsDeps,
  providerId: string | null,
  about: Notifications,
  reason: string,
): Promise<void> {
  if (!about.some(({ tries }) => tries === triesBeforeAlert)) return
  const ref = providerId ?? ''
  await alertAdmins(db, `notification:${ref}`, { about: 'stuck notification', reason }, { ref })
}

/** Money may be moving that no order of ours asked for, or that came a second time; a person should know. */
async function tellUnknown({ db, log }: HandleNotificationsDeps, ref: string, about: Notifications): Promise<void> {
  log.warn({ providerId: ref, code: 'ipn.unknown' }, 'a notification for a payment we did not ask for')
  const parent = about.map(({ raw }) => parentOf(raw)).find((id) => id !== null) ?? null
  if (parent !== null && (await reviewRedeposit(db, parent, ref))) {
    await finish({ db, log }, about, 'review: second deposit', null)
    return
  }
  await inTransaction(db, async (tx) => {
    await markNotificationsHandled(tx, idsOf(about), 'unknown payment', null)
    const order = about.map(({ raw }) => orderOf(raw)).find((one) => one !== null) ?? ''
    await alertAdmins(tx, `unknown-payment:${ref}`, { about: 'unknown payment', order }, { ref })
  })
}

/** The payment a notification says it is a later deposit of. */
function parentOf(raw: string): string | null {
  const said = readNotification(parseStrictObject(raw))
  return said.kind === 'payment' ? said.parentPaymentId : null
}

/** The order a notification names, as far as an administrator needs it to look for. */
function orderOf(raw: string): string | null {
  const said = readNotification(parseStrictObject(raw))
  return said.kind === 'payment' ? (said.orderId?.slice(0, 40) ?? null) : null
}
