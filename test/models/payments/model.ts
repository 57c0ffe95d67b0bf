import { canBecome, isPaid, type OrderStatus } from '../../../shared/domain/order.ts'
import { type ProviderStatus, ranks } from '../../../shared/domain/payment.ts'

/** How much came of what was asked. */
export type Share = { readonly num: bigint; readonly den: bigint }

/** One payment, as far as the rules of product.md 8.1 look at it. */
export type ModelPayment = {
  readonly kind: 'main' | 'topup'
  readonly price: bigint
  rank: number
  paid: Share
  covered: bigint
  isAccepted: boolean
  /** Its window lasts. */
  isOpen: boolean
}

/** An order and its payments, by the tables of product.md 8 alone: no database, no time, no repetition. */
export class Model {
  readonly total: bigint
  readonly payments: ModelPayment[] = []
  status: OrderStatus = 'awaiting_payment'
  wasSeen = false
  wasSold = false
  /** What the platform bears of an order that an administrator accepted short. */
  shortfall = 0n
  refund: 'order' | 'money' | 'excess' | undefined

  constructor(total: bigint) {
    this.total = total
  }

  add(kind: ModelPayment['kind'], price: bigint): void {
    const paid = { num: 0n, den: 1n }
    this.payments.push({ kind, price, rank: 0, paid, covered: 0n, isAccepted: false, isOpen: true })
  }

  get missing(): bigint {
    return this.total - sum(this.payments)
  }

  /** Goes there if there is an arrow; money that was seen is never forgotten. */
  move(to: OrderStatus): void {
    if (!canBecome(this.status, to)) return
    this.status = to
    if (to === 'confirming' || to === 'underpaid' || to === 'review' || to === 'paid') this.wasSeen = true
    if (to === 'paid') this.wasSold = true
  }

  /** What a re-read says of a payment. A lower rank, or the same one without more money, says nothing. */
  learn(payment: ModelPayment, status: ProviderStatus, paid: Share): void {
    const hasMore = paid.num * payment.paid.den > payment.paid.num * paid.den
    if (ranks[status] < payment.rank || (ranks[status] === payment.rank && !hasMore)) return
    const isSettled = status === 'finished' || status === 'partially_paid'
    payment.rank = ranks[status]
    if (hasMore || isSettled) payment.paid = paid
    if (isSettled) this.#settle(payment, status)
    else this.#note(payment, status)
  }

  #note(payment: ModelPayment, status: ProviderStatus): void {
    const isAlone = !this.payments.some((other) => other !== payment && this.#isLive(other))
    if (status === 'confirming' || status === 'confirmed' || status === 'sending') this.move('confirming')
    else if (status === 'expired' && !this.wasSeen && isAlone) this.move('expired')
    else if (status === 'failed' && isAlone) this.move('failed')
    else if (status === 'cancelled' || status === 'canceled' || status === 'wrong_asset_confirmed') this.#doubt()
    else if (status === 'refunded') this.#giveBack(payment)
  }

  #isLive({ rank, isOpen }: ModelPayment): boolean {
    return (rank >= 2 && rank <= 4) || (rank === 0 && isOpen && this.status !== 'confirming')
  }

  /** On a paid order a doubt is a case beside it. */
  #doubt(): void {
    if (!isPaid(this.status)) this.move('review')
  }

  /** What was covered once stays noted; what releases is what this re-read says, with the other payments. */
  #settle(payment: ModelPayment, status: ProviderStatus): void {
    const { num, den } = payment.paid
    const isOver = isPaid(this.status) || this.status === 'refunded'
    const covered = num >= den ? payment.price : (payment.price * num) / den
    const others = sum(this.payments.filter((one) => one !== payment))
    if (isPaid(this.status) && this.#isRest(payment, covered)) return
    if (!(payment.isAccepted && isOver) && covered > payment.covered) payment.covered = covered
    if (isOver) return
    const isEnough = (others + covered) * 10_000n >= this.total * 9_950n
    // beside others it is one of the parts, which NOWPayments never calls finished
    const isDoubtful = status !== 'finished' && others === 0n
    if (this.refund === 'money' || (isEnough && isDoubtful)) this.#doubt()
    else if (isEnough) this.#pay(payment)
    else this.move('underpaid')
  }

  /** What comes after all of an order that was accepted short counts, up to what was missing. */
  #isRest(payment: ModelPayment, covered: bigint): boolean {
    const brought = covered - payment.covered
    if (brought <= 0n || this.shortfall <= 0n || !(payment.isAccepted || brought <= this.shortfall)) return false
    payment.covered = covered
    if (this.refund === 'order') return true // for a person: it was not in what goes back
    payment.isAccepted = true
    this.shortfall -= brought < this.shortfall ? brought : this.shortfall
    return true
  }

  #pay(payment: ModelPayment): void {
    this.move('paid')
    for (const one of this.payments) one.isAccepted ||= one === payment || one.covered > 0n
  }

  /** Only what paid for an order takes it back, and a part of the money is for a person. */
  #giveBack(payment: ModelPayment): void {
    const counts = this.payments.filter((one) => one !== payment && (!payment.isAccepted || one.isAccepted))
    payment.covered = 0n
    if (isPaid(this.status) && !payment.isAccepted) return
    if (sum(counts) > 0n) this.#doubt()
    else this.#refund()
  }

  #refund(): void {
    if (!canBecome(this.status, 'refunded')) return
    this.status = 'refunded'
    if (this.refund !== 'excess') this.refund = undefined
  }
}

const sum = (payments: readonly ModelPayment[]): bigint => payments.reduce((all, { covered }) => all + covered, 0n)
