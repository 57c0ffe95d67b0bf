export const paymentStatuses = [
  'waiting',
  'confirming',
  'confirmed',
  'sending',
  'partially_paid',
  'finished',
  'failed',
  'expired',
  'refunded',
  'cancelled',
  'wrong_asset_confirmed',
] as const

export type PaymentStatus = (typeof paymentStatuses)[number]

/** One try to tell the shop: an HTTP status, or why there was none. */
export type SentNotification = {
  readonly at: string
  readonly status: string
  readonly answer: number | 'timeout' | 'unreachable' | 'dropped'
  readonly attempt: number
}

/** A payment as the simulated provider keeps it. Amounts are decimal texts, times milliseconds. */
export type SimulatedPayment = {
  readonly id: string
  readonly purchaseId: string
  readonly invoiceId: string | null
  readonly parentId: string | null
  readonly childIds: readonly string[]
  readonly creator: string
  readonly status: PaymentStatus
  /** The statuses it still goes through by itself. */
  readonly plan: readonly PaymentStatus[]
  /** Expired once: deposits still count, but nobody is told any more. */
  readonly isSilent: boolean
  readonly priceAmount: string
  readonly priceCurrency: string
  readonly payAmount: string
  readonly payCurrency: string
  readonly payAddress: string
  readonly memo: string | null
  readonly actuallyPaid: string
  readonly outcomeCurrency: string
  readonly orderId: string | null
  readonly orderDescription: string | null
  readonly callbackUrl: string | null
  readonly isFixedRate: boolean
  readonly isFeePaidByUser: boolean
  readonly payinHash: string | null
  readonly payoutHash: string | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly validUntil: number
  readonly notifications: readonly SentNotification[]
}
