import { randomInt } from 'node:crypto'
import {
  decimalText,
  isPositive,
  multiplyDecimals,
  parseDecimal,
  roundUp,
  type Decimal,
} from '../../shared/domain/decimal.ts'
import { Activities } from './activities.ts'
import { newAddress, newTransactionHash } from './addresses.ts'
import { Book } from './book.ts'
import { type SimulatedCoin, coinOf, findCoin, needsMemo } from './coins.ts'
import { Courier, type CourierOptions } from './courier.ts'
import { amountTooSmall, currencyUnavailable, invalidParams, notFound } from './errors.ts'
import { type Journal } from './journal.ts'
import { letterFor } from './notification-body.ts'
import { type Happening, happen, type Moved } from './payment-machine.ts'
import { type SimulatedPayment } from './payment.ts'
import { isUnderMinimum, quote, quotedDecimals } from './rates.ts'

export type NewPayment = {
  readonly priceAmount: string
  readonly priceCurrency: string
  readonly payCurrency: string
  readonly payAmount?: string | undefined
  readonly purchaseId?: string | undefined
  readonly invoiceId?: string | undefined
  readonly orderId?: string | null | undefined
  readonly orderDescription?: string | null | undefined
  readonly callbackUrl?: string | null | undefined
  readonly isFixedRate?: boolean | undefined
  readonly isFeePaidByUser?: boolean | undefined
}

export type ProviderOptions = Omit<CourierOptions, 'record'> & {
  readonly journal: Journal
  readonly ipnSecret: string
  readonly outcomeCurrency: string
  /** Between the steps a payment takes by itself. */
  readonly stepMs: number
  /** Where notifications go for payments that name no place. */
  readonly callbackUrl: string | null
}

const minute = 60_000
const floatingWindowMs = 7 * 24 * 60 * minute
const fixedWindowMs = 20 * minute

/** The simulated provider without its HTTP face: it makes payments, moves them, and tells the shop. */
export class Provider {
  readonly book: Book
  readonly courier: Courier
  readonly options: ProviderOptions
  readonly #running = new Activities()

  constructor(options: ProviderOptions) {
    this.options = options
    this.book = new Book(options.journal)
    const record: CourierOptions['record'] = (subject, sent) => {
      if (this.book.find(subject) !== undefined) this.book.recordNotification(subject, sent)
    }
    this.courier = new Courier({ ...options, record })
    for (const payment of this.book.list()) this.#run(payment)
  }

  create(wanted: NewPayment, creator: string): SimulatedPayment {
    const coin = findCoin(wanted.payCurrency)
    if (coin === undefined) throw notFound(`Currency ${wanted.payCurrency}`)
    if (this.options.faults.take('coin-unavailable', { operation: 'create' }) !== undefined) throw currencyUnavailable()
    const isFeePaidByUser = wanted.isFeePaidByUser ?? false
    const isFixedRate = isFeePaidByUser || (wanted.isFixedRate ?? false)
    const payAmount = this.#payAmount(wanted, coin)
    if (isUnderMinimum(payAmount, coin, isFixedRate)) throw amountTooSmall()
    const now = this.options.now()
    const payment: SimulatedPayment = {
      ...this.#emptyPayment(coin, now),
      purchaseId: wanted.purchaseId ?? this.book.newId(),
      invoiceId: wanted.invoiceId ?? null,
      priceAmount: wanted.priceAmount,
      priceCurrency: wanted.priceCurrency.toLowerCase(),
      payAmount: decimalText(payAmount),
      orderId: wanted.orderId ?? null,
      orderDescription: wanted.orderDescription ?? null,
      callbackUrl: wanted.callbackUrl ?? this.options.callbackUrl,
      validUntil: now + (isFixedRate ? fixedWindowMs : floatingWindowMs),
      ...{ creator, isFixedRate, isFeePaidByUser },
    }
    this.book.save(payment)
    this.#tell(payment)
    return payment
  }

  /** Money that came to a payment's address, but not as its first deposit: a payment of its own. */
  addChild(parentId: string, coinCode: string, amount: Decimal): SimulatedPayment {
    const parent = this.book.get(parentId)
    const now = this.options.now()
    const isOrphan = this.options.faults.take('child-without-order-id') !== undefined
    const child: SimulatedPayment = {
      ...parent,
      ...this.#emptyPayment(coinOf(coinCode), now),
      ...{ payAddress: parent.payAddress, memo: parent.memo, parentId, isSilent: parent.isSilent },
      payAmount: decimalText(amount),
      orderId: isOrphan ? null : parent.orderId,
    }
    this.book.save(child) // first: who is shown the parent is shown its children
    this.book.save({ ...parent, childIds: [...parent.childIds, child.id] })
    this.apply(child.id, { kind: 'deposit', amount })
    return this.book.get(child.id)
  }

  /** Lets something happen to a payment; what follows by itself follows. */
  apply(id: string, happening: Happening): Moved {
    const moved = happen(this.book.get(id), happening, this.options.now())
    if (moved.kind === 'refused') return moved
    const payment = this.book.save(withHashes(moved.payment))
    if (moved.isTold) this.#tell(payment)
    if (happening.kind === 'deposit') this.#run(payment)
    return { ...moved, payment }
  }

  /** Ends the window of every payment whose time is up. */
  tick(): void {
    const now = this.options.now()
    for (const { id, status, validUntil } of this.book.list()) {
      if (status === 'waiting' && validUntil <= now) this.apply(id, { kind: 'expire' })
    }
  }

  get isIdle(): boolean {
    return this.#running.isIdle && this.courier.isIdle
  }

  /** Resolves when no payment moves by itself any more and every notification was tried once. */
  async idle(): Promise<void> {
    while (!this.isIdle) {
      await this.#running.idle()
      await this.courier.idle()
    }
  }

  async close(): Promise<void> {
    await this.#running.close()
    await this.courier.close()
  }

  #payAmount(wanted: NewPayment, coin: SimulatedCoin): Decimal {
    const price = parseDecimal(wanted.priceAmount)
    if (!isPositive(price)) throw invalidParams('price_amount must be a positive number')
    if (wanted.payAmount !== undefined) return parseDecimal(wanted.payAmount)
    const quoted = quote(price, wanted.priceCurrency, coin.code)
    if (quoted === undefined) throw notFound(`Currency ${wanted.priceCurrency}`)
    // Two payments of one price are rarely quoted the same amount.
    return roundUp(multiplyDecimals(quoted, { digits: BigInt(100_000 + randomInt(50)), scale: 5 }), quotedDecimals)
  }

  #emptyPayment(coin: SimulatedCoin, now: number) {
    const id = this.book.newId()
    return {
      id,
      childIds: [],
      parentId: null,
      status: 'waiting',
      plan: [],
      isSilent: false,
      payCurrency: coin.code,
      payAddress: newAddress(coin.addressKind),
      memo: needsMemo(coin) ? id.slice(-8) : null,
      actuallyPaid: '0',
      outcomeCurrency: this.options.outcomeCurrency,
      payinHash: null,
      payoutHash: null,
      createdAt: now,
      updatedAt: now,
      notifications: [],
    } as const
  }

  #tell(payment: SimulatedPayment): void {
    const { ipnSecret, faults } = this.options
    // Without a secret in the dashboard nothing is sent, and a payment may name no place to send to.
    if (ipnSecret === '' || payment.callbackUrl === null) return
    this.courier.send(letterFor(payment, payment.callbackUrl, ipnSecret, faults))
  }

  #run({ id }: SimulatedPayment): void {
    void this.#running.start(async () => {
      while (this.book.get(id).plan.length > 0) {
        await this.#running.pause(this.options.stepMs)
        // A person may have ended the plan during the pause.
        if (this.book.get(id).plan.length > 0) this.apply(id, { kind: 'step' })
      }
    })
  }
}

function withHashes(payment: SimulatedPayment): SimulatedPayment {
  return {
    ...payment,
    payinHash: payment.status === 'confirming' ? newTransactionHash() : payment.payinHash,
    payoutHash: payment.status === 'finished' ? newTransactionHash() : payment.payoutHash,
  }
}
