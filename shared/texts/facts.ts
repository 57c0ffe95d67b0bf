import { type Alarm } from '../domain/alarm.ts'
import { type Coin } from '../domain/coin.ts'
import { type Breakdown } from '../domain/fee.ts'
import { type Cents } from '../domain/money.ts'
import { type CoverRefusal, type FileRefusal } from '../domain/notice.ts'
import { type ProductMeasure } from '../domain/moderation.ts'
import { type OrderStatus } from '../domain/order.ts'

// What the texts are told; both languages tell it in their own words.

/** An order as all its texts show it. */
export type OrderFacts = Breakdown & { readonly code: string; readonly title: string }

/** What was paid for an order, when and in what. */
export type ReceiptFacts = OrderFacts & {
  readonly paidAt: Date
  readonly coins: readonly string[]
  readonly isDelivered: boolean
}

/** Where and how much to pay. `amount` is the text that the copy button and the QR code hold as well. */
export type AskedPayment = {
  readonly coin: string
  readonly amount: string
  readonly address: string
  readonly memo: string | null
  readonly network: string | null
  readonly expiresAt: Date
  readonly minutesLeft: number
}

export type OfferedCoin = { readonly coin: Coin; readonly estimate: string | undefined }
/** `minimum` is missing when the coin cannot be had at all at the moment. */
export type HiddenCoin = { readonly coin: Coin; readonly minimum: Cents | undefined }
export type CoinChoice = { readonly offered: readonly OfferedCoin[]; readonly hidden: readonly HiddenCoin[] }

/** What came short: received and missing in the coin, and what is missing in dollars. */
export type Shortfall = {
  readonly coin: string
  readonly received: string
  readonly missing: string
  readonly missingDollars: Cents
}

/** What was sent beyond the total. `isReturned`: it is enough to be sent back on demand. */
export type ExcessFacts = {
  readonly coin: string
  readonly amount: string
  readonly cents: Cents
  readonly isReturned: boolean
}

/** A refund that was made. Without a hash the provider made it. */
export type RefundFacts = { readonly amount: string; readonly asset: string; readonly hash: string | null }

/** Why a person may not order. */
export type RefusalFacts =
  | { readonly kind: 'own' | 'owned' | 'not visible' | 'too many orders' | 'too many payments' | 'too many free' }
  | { readonly kind: 'suspended'; readonly until: Date | null; readonly reason: string | null }

/** Why there is no address to pay to. */
export type NoAddress = 'below minimum' | 'coin unavailable' | 'closed' | 'busy' | 'refused' | 'unknown'

export type FileFacts = {
  readonly title: string
  readonly sellerName: string
  readonly fileNumber: number
  readonly sizeBytes: bigint
  readonly sha256: string
  readonly orderCode: string
}

/** One owned product. `price` is what was paid for it, without the fee. */
export type LibraryFacts = {
  readonly title: string
  readonly sellerName: string
  readonly price: Cents
  readonly boughtAt: Date
  readonly boughtVersion: number
  readonly latestVersion: number
  readonly downloads: number
  readonly sizeBytes: bigint
  readonly isPurged: boolean
}

/** What administrators see first: how much waits for them. */
export type AdminHomeFacts = {
  readonly deadLetters: number
  readonly inReview: number
  readonly openCases: number
  readonly openRefunds: number
  readonly blocked: number
  readonly frozen: number
  readonly appeals: number
  readonly oldestUnsentSeconds: number
}

/** A seller whose payouts are frozen, and what was changed of their account. */
export type FreezeFacts = {
  readonly sellerId: bigint
  readonly shop: string
  readonly name: string
  readonly frozenAt: Date
  readonly address: string | null
  readonly changes: readonly {
    readonly field: 'address' | 'email'
    readonly old: string | null
    readonly new: string
    readonly at: Date
  }[]
}

/** Something that must never be and is: how often, where, and since when. */
export type FindingFacts = {
  readonly name: string
  readonly count: number
  readonly refs: readonly string[]
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  readonly acknowledgedAt: Date | null
}

/** A product as administrators see it. */
export type ModeratedProductFacts = {
  readonly code: string
  readonly title: string
  readonly status: string
  readonly moderation: 'ok' | 'suspended' | 'banned'
  readonly reason: string | null
  readonly until: Date | null
  readonly isWithdrawn: boolean
  readonly sales: bigint
  readonly owners: number
  readonly sellerId: bigint
  readonly sellerName: string
}

/** A person as administrators see them. */
export type ModeratedPersonFacts = {
  readonly id: bigint
  readonly username: string | null
  readonly firstName: string
  readonly status: string
  readonly reason: string | null
  readonly until: Date | null
  readonly bought: number
  readonly shop: { readonly code: string; readonly name: string; readonly products: number } | null
}

/** A share that was paid out and is taken back, and why. */
export type CorrectionFacts = {
  readonly orderCode: string
  readonly title: string
  /** Below zero. */
  readonly cents: bigint
  readonly at: Date
  readonly reason: 'withdrawn' | 'asked' | 'provider' | 'refunded'
  /** A payout has made up for it. */
  readonly isSettled: boolean
}

/** What somebody says against a measure, and how that stands. */
export type AppealFacts = {
  readonly personId: bigint
  readonly personName: string
  readonly product: { readonly code: string; readonly title: string } | null
  readonly words: string
  readonly reason: string | null
  readonly until: Date | null
  readonly openedAt: Date
}

/** What an administrator is about to do. */
export type MeasureFacts = {
  readonly measure: ProductMeasure
  /** A title or a name. */
  readonly about: string
  readonly days: number | null
  readonly reason: string | null
  /** How it stands, where that is taken back: `reason` is that of it. */
  readonly standing: Pick<ModeratedProductFacts, 'moderation' | 'until' | 'isWithdrawn'> | null
}

/** Something that cannot go on by itself. `position` counts from 1. */
export type DeadLetterFacts = {
  readonly position: number
  readonly ref: string
  readonly reason: string
  readonly at: Date
}

/** One thing that happened to an order. */
export type TimelineLine = { readonly at: Date; readonly kind: string; readonly detail: string }

/** An order as administrators see it. */
export type TimelineFacts = {
  readonly code: string
  readonly title: string
  readonly status: OrderStatus
  readonly total: bigint
  readonly buyerId: bigint
  readonly sellerName: string
}

/** A case in the list of what waits for a decision. `position` counts from 1. */
export type OpenCaseFacts = {
  readonly position: number
  readonly kind: string
  readonly orderCode: string
  readonly status: OrderStatus
  readonly total: bigint
  readonly openedAt: Date
}

/** A payment as administrators judge it. */
export type JudgedPaymentFacts = {
  readonly attempt: number
  readonly coin: string
  readonly reportedCoin: string | null
  readonly payAmount: string | null
  readonly actuallyPaid: string
  readonly status: string
  readonly providerId: string | null
  readonly isAccepted: boolean
}

/** Money that waits for a decision, with the whole situation. `received`: what would count if the order were accepted. */
export type CaseFacts = {
  readonly kind: string
  readonly note: string
  readonly openedAt: Date
  readonly order: TimelineFacts
  readonly payments: readonly JudgedPaymentFacts[]
  readonly received: Cents
  readonly isRefundOpen: boolean
}

/** Money on its way back to a buyer. */
export type OpenRefundFacts = {
  readonly orderCode: string
  readonly kind: 'order' | 'money' | 'excess'
  readonly state: 'asked' | 'sent' | 'rejected'
  readonly cents: Cents
  readonly asset: string | null
  readonly address: string | null
  readonly amount: string | null
  readonly txHash: string | null
  readonly reason: string
  readonly openedAt: Date
}

/** A seller who is owed something. */
export type DueSellerFacts = {
  readonly shopName: string
  readonly cents: bigint
  readonly since: Date
  readonly obstacle: 'frozen' | 'suspended' | 'no address' | 'address on hold' | 'too little' | null
}

export type BatchFacts = {
  readonly code: string
  readonly state: 'prepared' | 'confirmed' | 'closed' | 'cancelled'
  readonly count: number
  readonly cents: bigint
  readonly createdAt: Date
}

/** One transfer to one seller. */
export type PayoutFacts = {
  readonly number: number
  readonly shopName: string
  readonly address: string
  readonly cents: bigint
  readonly state: 'prepared' | 'confirmed' | 'sent' | 'settled' | 'failed' | 'cancelled'
  readonly txHash: string | null
  readonly reason: string
  readonly at: Date
  readonly orderCodes: readonly string[]
  readonly obstacle: Exclude<DueSellerFacts['obstacle'], null> | 'other address' | null
}

/** A payout that is about to be taken back. */
export type FailingPayoutFacts = { readonly cents: bigint; readonly hash: string | null }

export type SentPayoutFacts = {
  readonly cents: bigint
  readonly address: string
  readonly hash: string
  readonly orderCodes: readonly string[]
}

/** What a seller's account looks like to its owner. Money in cents. */
export type ShopFacts = {
  readonly name: string
  readonly bio: string
  readonly email: string | null
  readonly isEmailVerified: boolean
  /** Mails can be sent, and nobody proved that the address is theirs. */
  readonly mustVerify: boolean
  readonly address: string | null
  readonly heldUntil: Date | null
  readonly isFrozen: boolean
  readonly isPaused: boolean
  readonly isSuspended: boolean
  readonly quotaBytes: bigint
  readonly takenBytes: bigint
}

/** A seller's figures. `earned` is the sum of held, available, batched and paid. */
export type MoneyFacts = {
  readonly activeProducts: number
  readonly products: number
  readonly sales: bigint
  readonly earned: bigint
  readonly held: bigint
  readonly available: bigint
  readonly batched: bigint
  readonly paid: bigint
  readonly corrections: bigint
}

/** A share that is released at a known time. */
export type HeldFacts = { readonly orderCode: string; readonly amount: bigint; readonly until: Date }

/** A product as its seller reads of it. What a draft lacks is null. */
export type OwnProductFacts = {
  readonly code: string
  readonly title: string | null
  readonly price: Cents | null
  readonly state: 'draft' | 'processing' | 'active' | 'inactive' | 'withdrawn'
  /** Why an administrator withdrew it, and until when. */
  readonly reason: string | null
  readonly until: Date | null
  readonly sales: bigint
  readonly views: bigint
  readonly ratingSum: bigint
  readonly reviewsCount: bigint
  readonly file: { readonly number: number; readonly sizeBytes: bigint; readonly isWhole: boolean } | null
  /** The name of a file that is being checked. */
  readonly waitingFile: string | null
  readonly fileRefusal: FileRefusal | null
  readonly isCoverWaiting: boolean
  readonly coverRefusal: CoverRefusal | null
  readonly position: number
  readonly count: number
}

export type FileLimitFacts = { readonly chatBytes: bigint; readonly pageBytes: number }

/** What lasts or is over, as administrators read of it. */
export type AlarmFacts = Alarm & { readonly what: 'raised' | 'cleared'; readonly lastedSeconds: number }
