import { createHash, randomInt } from 'node:crypto'
import { type Journal } from './journal.ts'
import { type SentNotification, type SimulatedPayment } from './payment.ts'

export type Invoice = {
  readonly id: string
  readonly tokenId: string
  readonly priceAmount: string
  readonly priceCurrency: string
  readonly payCurrency: string | null
  readonly orderId: string | null
  readonly orderDescription: string | null
  readonly callbackUrl: string | null
  readonly successUrl: string | null
  readonly cancelUrl: string | null
  readonly partiallyPaidUrl: string | null
  readonly isFixedRate: boolean
  readonly isFeePaidByUser: boolean
  readonly createdAt: number
}

type Listener = (payment: SimulatedPayment) => void

const firstId = 4_400_000_000
const mostNotificationsKept = 100

/** Which key made a payment, without keeping the key. */
export const fingerprint = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex')

/** The provider's books: payments and invoices, newest last, and who wants to hear of changes. */
export class Book {
  readonly #journal: Journal
  readonly #payments: Map<string, SimulatedPayment>
  readonly #invoices: Map<string, Invoice>
  readonly #listeners = new Set<Listener>()
  #lastId: number

  constructor(journal: Journal) {
    this.#journal = journal
    this.#payments = journal.all('payment') as Map<string, SimulatedPayment>
    this.#invoices = journal.all('invoice') as Map<string, Invoice>
    const used = [...this.#payments.values()].flatMap(({ id, purchaseId }) => [Number(id), Number(purchaseId)])
    this.#lastId = Math.max(firstId + randomInt(1_000_000_000), ...used, ...[...this.#invoices.keys()].map(Number))
  }

  /** Ten digits, rising, with gaps: other merchants have payments too. */
  newId(): string {
    this.#lastId += randomInt(1, 1000)
    return String(this.#lastId)
  }

  find(id: string): SimulatedPayment | undefined {
    return this.#payments.get(id)
  }

  get(id: string): SimulatedPayment {
    const payment = this.find(id)
    if (payment === undefined) throw new RangeError(`Expected a payment of the simulator, got ${id}`)
    return payment
  }

  list(): readonly SimulatedPayment[] {
    return [...this.#payments.values()]
  }

  save(payment: SimulatedPayment): SimulatedPayment {
    this.#journal.put('payment', payment.id, payment)
    for (const listener of this.#listeners) listener(payment)
    return payment
  }

  recordNotification(id: string, sent: SentNotification): void {
    const payment = this.get(id)
    this.save({ ...payment, notifications: [...payment.notifications, sent].slice(-mostNotificationsKept) })
  }

  findInvoice(id: string): Invoice | undefined {
    return this.#invoices.get(id)
  }

  saveInvoice(invoice: Invoice): Invoice {
    this.#journal.put('invoice', invoice.id, invoice)
    return invoice
  }

  /** Returns the function that stops listening. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }
}
