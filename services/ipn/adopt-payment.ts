import { setAwaitingPayment, setOrderQuestion } from '../../shared/db/order-steps.ts'
import { startWindow } from '../../shared/db/payment-attempts.ts'
import { type AdoptedPayment, adoptPayment as takeAsOurs } from '../../shared/db/payments.ts'
import { type Database, inTransaction, type Queryable } from '../../shared/db/pool.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { orderChanged } from '../../shared/events/index.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'
import { type PaymentReport } from '../../shared/nowpayments/client.ts'

/**
 * A payment whose creation was never answered names its attempt: `<order code>-<attempt>`. Coin and price must agree. Its
 * address then reaches the buyer as if the answer had come.
 */
export async function adoptPayment(
  db: Database,
  report: PaymentReport,
  windowMs: number,
): Promise<PaymentId | undefined> {
  const [, orderCode, attempt] = /^([0-9A-Z]{10})-(\d{1,6})$/.exec(report.orderId ?? '') ?? []
  if (orderCode === undefined || attempt === undefined || report.priceCents === null) return undefined
  const { address, payCurrency, priceCents } = report
  if (report.priceCurrency.toLowerCase() !== 'usd' || address === null) return undefined
  const reference = { orderCode, attempt: Number(attempt), payCurrency, priceCents }
  return inTransaction(db, async (tx) => {
    const adopted = await takeAsOurs(tx, reference, { ...report, providerId: report.paymentId, address })
    if (adopted !== undefined) await show(tx, adopted, windowMs)
    return adopted?.id
  })
}

/** An order that already shows another address goes on with that one. */
async function show(tx: Queryable, adopted: AdoptedPayment, windowMs: number): Promise<void> {
  const { id, orderId, kind, orderStatus } = adopted
  const expiresAt = await startWindow(tx, id, windowMs)
  if (kind === 'topup') await setOrderQuestion(tx, orderId, null)
  if (orderStatus === 'creating' && expiresAt !== undefined) await setAwaitingPayment(tx, orderId, expiresAt)
  await enqueue(tx, orderChanged, orderId, { orderId })
}
