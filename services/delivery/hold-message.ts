import { type HeldDelivery, renewDelivery, setDeliveryMessage } from '../../shared/db/deliveries.ts'
import {
  claimOrderMessage,
  type HeldOrderMessage,
  orderMessageFreeInMs,
  releaseOrderMessage,
  renewOrderMessage,
  setOrderMessage,
} from '../../shared/db/order-messages.ts'
import { type Database, inTransaction, type Queryable } from '../../shared/db/pool.ts'
import { requeueOvertakenDelivery } from '../../shared/db/requeue-deliveries.ts'
import { deliveryRequested } from '../../shared/events/index.ts'
import { healOrderMessage } from '../../shared/messaging/heal-order-message.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'

export const leaseMs = 20_000

/** Another worker took over what this one was bringing: whatever it would still write belongs to that one now. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

/** The message a file goes to, held while it is being edited. */
export type MessageInHand = {
  readonly messageId: bigint | null
  /** Keeps both leases; throws `Overtaken` when one is lost. */
  readonly renew: () => Promise<void>
  /** Remembers a new message in place of one that is gone. */
  readonly replace: (messageId: bigint) => Promise<void>
}

/**
 * Holds the message while `work` edits it. The order message is shared with the bot that redraws it, so it has a lease of its
 * own; the message of a requested file belongs to its delivery alone.
 */
export async function withMessage(
  { db }: { db: Database },
  delivery: HeldDelivery,
  work: (message: MessageInHand) => Promise<void>,
): Promise<void> {
  if (delivery.kind === 'again') return work(ownMessage(db, delivery))
  const held = await claimOrderMessage(db, delivery.orderId, leaseMs)
  if (held === undefined) throw new RetryLater(Math.max(await orderMessageFreeInMs(db, delivery.orderId), 100))
  let shown: string | null = null
  try {
    await work(orderMessage(db, delivery, held))
    shown = 'delivered'
  } finally {
    const isOurs = await releaseOrderMessage(db, held, shown)
    // A worker that was overtaken: its words may lie over the file by now, whether or not it heard that they do.
    if (!isOurs) await healOrderMessage(db, delivery.orderId)
  }
}

/** Runs words into the message of a requested file, and has the file brought again when it was there before them. */
export async function healingAfter(
  { db }: { db: Database },
  delivery: HeldDelivery,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } finally {
    // The message of an order heals with its own lease.
    if (delivery.kind === 'again') await inTransaction(db, (tx) => healRequested(tx, delivery))
  }
}

async function healRequested(tx: Queryable, delivery: HeldDelivery): Promise<void> {
  if (!(await requeueOvertakenDelivery(tx, delivery))) return
  await enqueue(tx, deliveryRequested, delivery.id, { deliveryId: delivery.id })
}

const ownMessage = (db: Database, delivery: HeldDelivery): MessageInHand => ({
  messageId: delivery.messageId,
  renew: () => keep(renewDelivery(db, delivery, leaseMs)),
  replace: (messageId) => keep(setDeliveryMessage(db, delivery, messageId)),
})

const orderMessage = (db: Queryable, delivery: HeldDelivery, held: HeldOrderMessage): MessageInHand => ({
  messageId: held.messageId,
  renew: async () => {
    await keep(renewDelivery(db, delivery, leaseMs))
    await keep(renewOrderMessage(db, held, leaseMs))
  },
  replace: (messageId) => keep(setOrderMessage(db, held, messageId)),
})

async function keep(kept: Promise<boolean>): Promise<void> {
  if (!(await kept)) throw new Overtaken('Another worker took over this delivery')
}
