import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { handleNotifications } from '../../../services/ipn/handle-notifications.ts'
import { rereadPayments } from '../../../services/ipn/reread-payments.ts'
import { settlePayment, type Settled, type SettlePaymentDeps } from '../../../services/ipn/settle-payment.ts'
import { type AskDeps } from '../../../services/bot/checkout/ask-address.ts'
import { type DecideDeps } from '../../../services/bot/admin/decide-case.ts'
import { type Administrator } from '../../../services/bot/admin/administrator.ts'
import { startPayment } from '../../../services/bot/checkout/start-payment.ts'
import { insertNotifications } from '../../../shared/db/payment-events.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { decimalText, parseDecimal } from '../../../shared/domain/decimal.ts'
import { standardFee } from '../../../shared/domain/fee.ts'
import { type OrderId, type PersonId } from '../../../shared/domain/ids.ts'
import { cents } from '../../../shared/domain/money.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { type PaymentReport, type PaymentRequest } from '../../../shared/nowpayments/client.ts'
import { usualPolicy } from '../../../shared/testing/a-report.ts'
import { aPerson, type ProductOnSale } from '../../../shared/testing/a-shop.ts'
import { type Share } from './model.ts'

export const log = pino({ enabled: false })
export const by = 900_000_001n as Administrator
const windowMs = 3_600_000

type AtProvider = { report: PaymentReport; readonly asked: bigint }
export type Settle = (deps: SettlePaymentDeps, providerId: string) => Promise<Settled>

let lastNumber = 7_000_000_000

/** The shop's own steps on a real database, and a NOWPayments that says of its payments what it is told to say. */
export class Real {
  readonly db: Database
  readonly buyer: PersonId
  readonly ids: string[] = []
  readonly #made = new Map<string, AtProvider>()
  readonly #settle: Settle
  #order: { readonly id: OrderId; readonly code: PublicCode } | undefined

  private constructor(db: Database, buyer: PersonId, settle: Settle) {
    this.db = db
    this.buyer = buyer
    this.#settle = settle
  }

  /** Somebody who has just been given an address. `settle` is the step under test. */
  static async begin(db: Database, product: ProductOnSale, settle: Settle = settlePayment): Promise<Real> {
    const real = new Real(db, await aPerson(db), settle)
    const wish = {
      buyer: real.buyer,
      product: product.code,
      coin: 'usdtsol',
      shown: cents(product.price + 149n),
    } as const
    const terms = { fee: standardFee, termsVersion: 'test', windowMs }
    const openMessage = () => Promise.resolve()
    const started = await startPayment({ ...real.asking, terms, openMessage }, wish)
    assert.ok(started.kind === 'asked' && started.asked.kind === 'address')
    real.#order = started.order
    return real
  }

  get order(): { readonly id: OrderId; readonly code: PublicCode } {
    return this.#order ?? assert.fail('no order')
  }

  get asking(): AskDeps {
    const createPayment = (request: PaymentRequest) =>
      Promise.resolve({ kind: 'created', payment: this.#make(request) } as const)
    return { db: this.db, payments: { createPayment }, log, callbackUrl: 'https://shop.example/ipn', windowMs }
  }

  get deciding(): DecideDeps {
    const config = { telegram: { admins: [by] }, money: { escrowHours: 24 } } as unknown as DecideDeps['config']
    return { db: this.db, config, log }
  }

  #make({ priceCents, payCurrency, orderId }: PaymentRequest): PaymentReport & { readonly address: string } {
    const paymentId = String((lastNumber += 1))
    const report = {
      ...{
        paymentId,
        parentPaymentId: null,
        status: 'waiting',
        priceCents,
        priceCurrency: 'usd',
        payCurrency,
        orderId,
      },
      ...{ payAmount: coins(priceCents, { num: 1n, den: 1n }), actuallyPaid: coins(0n, { num: 0n, den: 1n }) },
      ...{ outcomeAmount: null, outcomeCurrency: null, childPaymentIds: [], memo: null, network: 'sol' },
      ...{ createdAt: null, validUntil: null, address: `So1ana${paymentId}` },
    }
    this.#made.set(paymentId, { report, asked: priceCents })
    this.ids.push(paymentId)
    return report
  }

  /** From now on NOWPayments says so of this payment. */
  say(place: number, status: string, share: Share): string {
    const id = this.ids[place] ?? assert.fail('no such payment')
    const made = this.#made.get(id) ?? assert.fail('not made')
    made.report = { ...made.report, status, actuallyPaid: coins(made.asked, share) }
    return id
  }

  settle(providerId: string): Promise<Settled> {
    const report = this.#made.get(providerId)?.report ?? assert.fail('not made')
    const readPayment = () => Promise.resolve({ kind: 'found', report } as const)
    const worth = () => Promise.resolve({ kind: 'unreachable', cause: 'not asked for' } as const)
    const deps = { db: this.db, policy: usualPolicy, log, zeroMeansExact: false, nowPayments: { readPayment, worth } }
    return this.#settle(deps, providerId)
  }

  /** NOWPayments tells something of a payment, true or not; the shop keeps it and acts upon what it has. */
  async notify(place: number, status: string, share: Share, remark = ''): Promise<void> {
    const id = this.ids[place] ?? assert.fail('no such payment')
    const paid = coins(this.#made.get(id)?.asked ?? 0n, share)
    const raw = `{"payment_id":${id},"payment_status":"${status}","actually_paid":${paid},"order_description":"${remark}"}`
    const bodySha256 = createHash('sha256').update(raw).digest('hex')
    const kept = { raw, bodySha256, signatureForm: 'raw', providerId: id, status, actuallyPaid: paid }
    await insertNotifications(this.db, [kept])
    await this.db.query(`update payment_events set next_try_at = now() where handled_at is null and tries = 0`)
    await handleNotifications({ db: this.db, log, settle: (providerId) => this.settle(providerId) }, 8)
  }

  /** A minute passes, and payments that are watched are read. */
  async poll(): Promise<void> {
    const { id } = this.order
    await this.db.query(`update payments set next_poll_at = null where order_id <> $1`, [id])
    await this.db.query(`update payments set next_poll_at = now() where order_id = $1 and next_poll_at is not null`, [
      id,
    ])
    const settle = (providerId: string) => this.settle(providerId)
    await rereadPayments({ db: this.db, log, stopping: new AbortController().signal, settle }, 20)
  }
}

/** So much of what was asked, in a coin that is worth a dollar. */
const coins = (asked: bigint, { num, den }: Share) =>
  decimalText(parseDecimal(((Number(asked) * Number(num)) / Number(den) / 100).toFixed(4)))
