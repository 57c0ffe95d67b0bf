import { type OrderStatus } from '../domain/order.ts'

/** The state of an order at a glance, in any language. */
export const statusSigns: Readonly<Record<OrderStatus, string>> = {
  creating: '⏳',
  awaiting_payment: '💳',
  confirming: '👀',
  underpaid: '⚠️',
  review: '🔎',
  paid: '🎉',
  delivered: '✅',
  expired: '⌛️',
  cancelled: '✖️',
  failed: '❌',
  refunded: '↩️',
}
