import { randomBytes } from 'node:crypto'
import { sign, signText } from '../../shared/nowpayments/signature.ts'
import { type Letter } from './courier.ts'
import { type Faults } from './faults.ts'
import { type SimulatedPayment } from './payment.ts'
import { settlementOf } from './settlement.ts'

type Payload = Readonly<Record<string, unknown>>

/** The letter that tells a shop of a payment's status, with the oddities asked for. */
export function letterFor(payment: SimulatedPayment, url: string, secret: string, faults: Faults): Letter {
  const payload = withOddities(payloadOf(payment), faults, payment)
  const { body: sorted, signature } = sign(secret, payload)
  const isUnsorted = faults.take('unsorted', occasionOf(payment)) !== undefined
  const body = isUnsorted ? JSON.stringify(Object.fromEntries(Object.entries(payload).reverse())) : sorted
  const isLast = payment.plan.length === 0 && payment.status !== 'waiting'
  return {
    subject: payment.id,
    status: payment.status,
    ...{ url, body, signature, isLast },
    forgeries: forgeriesOf(payload, sorted, signature),
  }
}

const idNumber = (id: string | null): number | null => (id === null ? null : Number(id))

/** The fields the provider posts, in its types: some ids are numbers, some are text. */
function payloadOf(payment: SimulatedPayment): Payload {
  const { outcomeAmount, depositFee, serviceFee } = settlementOf(payment)
  return {
    payment_id: Number(payment.id),
    parent_payment_id: idNumber(payment.parentId),
    invoice_id: idNumber(payment.invoiceId),
    payment_status: payment.status,
    pay_address: payment.payAddress,
    payin_extra_id: payment.memo,
    price_amount: Number(payment.priceAmount),
    price_currency: payment.priceCurrency,
    pay_amount: Number(payment.payAmount),
    actually_paid: Number(payment.actuallyPaid),
    actually_paid_at_fiat: 0,
    pay_currency: payment.payCurrency,
    order_id: payment.orderId,
    order_description: payment.orderDescription,
    purchase_id: payment.purchaseId,
    outcome_amount: Number(outcomeAmount),
    outcome_currency: payment.outcomeCurrency,
    payment_extra_ids: null,
    fee: {
      currency: payment.outcomeCurrency,
      depositFee: Number(depositFee),
      serviceFee: Number(serviceFee),
      withdrawalFee: 0,
    },
    updated_at: payment.updatedAt,
  }
}

/** In the order they are applied: everything-as-text comes last, because it must see what the others made. */
const oddities = {
  'without-updated-at': ({ updated_at: _absent, ...payload }: Payload): Payload => payload,
  'small-fees': (payload: Payload): Payload => ({
    ...payload,
    fee: { currency: 'btc', depositFee: 0.000002, serviceFee: 1.5e-7, withdrawalFee: 0 },
  }),
  'zero-paid': (payload: Payload): Payload => ({
    ...payload,
    actually_paid: 0,
    fee: { currency: payload['outcome_currency'], depositFee: 0, serviceFee: 0, withdrawalFee: 0 },
  }),
  'fee-as-strings': (payload: Payload): Payload => ({ ...payload, fee: asStrings(payload['fee']) }),
  'extra-ids-array': (payload: Payload): Payload => ({ ...payload, payment_extra_ids: [5_745_460_001] }),
  'unknown-status': (payload: Payload): Payload => ({ ...payload, payment_status: 'some_future_status' }),
  'all-strings': (payload: Payload): Payload => asStrings(payload) as Payload,
} as const

const occasionOf = ({ id, status }: Pick<SimulatedPayment, 'id' | 'status'>) => ({ payment: id, status })

function withOddities(payload: Payload, faults: Faults, payment: Pick<SimulatedPayment, 'id' | 'status'>): Payload {
  const kinds = Object.keys(oddities) as (keyof typeof oddities)[]
  return kinds
    .filter((kind) => faults.take(kind, occasionOf(payment)) !== undefined)
    .reduce((odd, kind) => oddities[kind](odd), payload)
}

function asStrings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asStrings)
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asStrings(inner)]))
}

/** What somebody without the secret could post who has seen the genuine notification. All of it must be refused. */
function forgeriesOf(payload: Payload, body: string, signature: string): Letter['forgeries'] {
  const better = { ...payload, payment_status: 'finished', actually_paid: payload['pay_amount'], order_id: 'FORGED-1' }
  const tampered = sign(randomBytes(24).toString('base64'), better)
  return [
    { status: 'forged: another secret', ...tampered },
    { status: 'forged: changed text', body: tampered.body, signature },
    { status: 'forged: repeated key', body: body.replace('{', '{"order_id":"FORGED-1",'), signature },
    { status: 'forged: prototype', body: body.replace('{', '{"__proto__":{"payment_status":"finished"},'), signature },
    { status: 'forged: no signature', body: tampered.body, signature: undefined },
    { status: 'forged: longer signature', body, signature: `${signature}zz` },
    { status: 'forged: empty secret', body: tampered.body, signature: signText('', tampered.body) },
  ]
}
