export const orderStatuses = [
  'creating',
  'awaiting_payment',
  'confirming',
  'underpaid',
  'review',
  'paid',
  'delivered',
  'expired',
  'cancelled',
  'failed',
  'refunded',
] as const

export type OrderStatus = (typeof orderStatuses)[number]

const next: Record<OrderStatus, readonly OrderStatus[]> = {
  creating: ['awaiting_payment', 'paid', 'failed', 'confirming', 'underpaid', 'review', 'cancelled'],
  awaiting_payment: ['confirming', 'paid', 'underpaid', 'review', 'expired', 'cancelled', 'failed', 'refunded'],
  confirming: ['paid', 'underpaid', 'review', 'failed', 'refunded'],
  underpaid: ['paid', 'review', 'refunded'],
  review: ['paid', 'refunded', 'failed'],
  paid: ['delivered', 'refunded'],
  delivered: ['refunded'],
  expired: ['confirming', 'paid', 'underpaid', 'review', 'failed', 'refunded'],
  cancelled: ['confirming', 'paid', 'underpaid', 'review', 'failed', 'refunded'],
  failed: ['confirming', 'paid', 'underpaid', 'review', 'refunded'],
  refunded: [],
}

/** The table of product.md 8.2, and the end of a review in which there is nothing to give: which state may follow which. */
export const canBecome = (from: OrderStatus, to: OrderStatus): boolean => next[from].includes(to)

/** The guard of an update: the states that may become `to`. */
export const statusesBefore = (to: OrderStatus): OrderStatus[] => orderStatuses.filter((from) => canBecome(from, to))

/** An order that still asks something of somebody; the same product is then not ordered twice. */
export const openStatuses: readonly OrderStatus[] = [
  'creating',
  'awaiting_payment',
  'confirming',
  'underpaid',
  'review',
]

/** The buyer holds the right to the file. */
export const isPaid = (status: OrderStatus): boolean => status === 'paid' || status === 'delivered'

/** Nothing was seen yet, so the buyer may still cancel or change the coin. */
export const canCancel = (status: OrderStatus, seenAt: Date | null): boolean =>
  status === 'awaiting_payment' && seenAt === null
