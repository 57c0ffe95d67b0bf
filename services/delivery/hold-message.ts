import { type HeldDelivery, renewDelivery, setDeliveryMessage } from '../../shared/db/deliveries.ts'
import {
  claimOrderMessage,
  type HeldOrderMessage,
  orderMessageFreeInMs,
  releaseOrderMessage,
  renewOrderMessage,
  setOrderMessage,
} from '../../shared/db/order-messages.ts'
import { type Database, type Queryable } from '../../shared/db/pool.ts'
import { healOrderMessage } from '../../shared/messaging/heal-order-message.ts'
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
    // Drawn to the end by a worker that was overtaken: words, or a link, may lie over the file by now.
    if (!isOurs && shown !== null) await healOrderMessage(db, delivery.orderId)
  }
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
