import { insertLostPayment } from '../../shared/db/lost-payments.ts'
import { setAwaitingPayment, setOrderQuestion } from '../../shared/db/order-steps.ts'
import { startWindow } from '../../shared/db/payment-attempts.ts'
import { type AdoptedPayment, adoptPayment as takeAsOurs } from '../../shared/db/payments.ts'
import { type Database, inTransaction, type Queryable } from '../../shared/db/pool.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { orderChanged } from '../../shared/events/index.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'
import { type PaymentReport } from '../../shared/nowpayments/client.ts'

/**
 * A payment we do not know names its order and attempt: `<order code>-<attempt>`. Either its creation was never answered:
 * coin and price agree, and its address reaches the buyer as if the answer had come. Or we have forgotten it, as after a
 * restore: then it belongs to its order with whatever number, for only our key makes payments with our codes.
 */
export async function adoptPayment(
  db: Database,
  report: PaymentReport,
  windowMs: number,
): Promise<PaymentId | undefined> {
  const [, orderCode, attempt] = /^([0-9A-Z]{10})-(\d{1,6})$/.exec(report.orderId ?? '') ?? []
  if (orderCode === undefined || attempt === undefined || report.priceCents === null) return undefined
  const { address, payCurrency, priceCents, createdAt } = report
  if (report.priceCurrency.toLowerCase() !== 'usd' || address === null) return undefined
  const reference = { orderCode, attempt: Number(attempt), payCurrency: payCurrency.toLowerCase(), priceCents }
  const side = { ...report, providerId: report.paymentId, address }
  return inTransaction(db, async (tx) => {
    const answered = await takeAsOurs(tx, reference, side)
    const adopted = answered ?? (await insertLostPayment(tx, { ...reference, createdAt }, side))
    if (adopted === undefined) return undefined
    await show(tx, adopted, windowMs)
    if (answered === undefined) await tellFound(tx, adopted, report)
    return adopted.id
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

const tellFound = (tx: Queryable, { id }: AdoptedPayment, { paymentId, orderId }: PaymentReport): Promise<void> =>
  alertAdmins(
    tx,
    `lost-payment:${id}`,
    { about: 'found payment', payment: paymentId, order: orderId ?? '' },
    { ref: orderId?.split('-')[0] ?? paymentId },
  )
