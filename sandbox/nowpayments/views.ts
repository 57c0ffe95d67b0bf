import { coinOf } from './coins.ts'
import { type SimulatedPayment } from './payment.ts'
import { settlementOf } from './settlement.ts'

const iso = (ms: number): string => new Date(ms).toISOString()
const minute = 60_000
const idNumber = (id: string | null): number | null => (id === null ? null : Number(id))

/** The answer to a creation: ids are text here. */
export function createdView(payment: SimulatedPayment, hasStringAmounts: boolean) {
  const coin = coinOf(payment.payCurrency)
  return {
    payment_id: payment.id,
    payment_status: payment.status,
    pay_address: payment.payAddress,
    price_amount: Number(payment.priceAmount),
    price_currency: payment.priceCurrency,
    pay_amount: hasStringAmounts ? payment.payAmount : Number(payment.payAmount),
    pay_currency: payment.payCurrency,
    order_id: payment.orderId,
    order_description: payment.orderDescription,
    ipn_callback_url: payment.callbackUrl,
    created_at: iso(payment.createdAt),
    updated_at: iso(payment.updatedAt),
    purchase_id: payment.purchaseId,
    amount_received: null,
    payin_extra_id: payment.memo,
    smart_contract: coin.contract,
    network: coin.network,
    network_precision: coin.decimals,
    time_limit: null,
    burning_percent: null,
    expiration_estimate_date: iso(payment.createdAt + 20 * minute),
    is_fixed_rate: payment.isFixedRate,
    is_fee_paid_by_user: payment.isFeePaidByUser,
    valid_until: iso(payment.validUntil),
    type: 'crypto2crypto',
  }
}

/** The answer to a re-read: the same ids are numbers here, and one null is a text. */
export function statusView(payment: SimulatedPayment, isZeroPaid: boolean) {
  return {
    ...listView(payment),
    actually_paid: isZeroPaid ? 0 : Number(payment.actuallyPaid),
    payout_hash: payment.payoutHash,
    payin_hash: payment.payinHash,
    burning_percent: 'null',
    type: 'crypto2crypto',
    payment_extra_ids: payment.childIds.map(Number),
  }
}

export function listView(payment: SimulatedPayment) {
  const isChild = payment.parentId !== null
  return {
    payment_id: Number(payment.id),
    invoice_id: idNumber(payment.invoiceId),
    payment_status: payment.status,
    pay_address: payment.payAddress,
    payin_extra_id: payment.memo,
    price_amount: Number(payment.priceAmount),
    price_currency: payment.priceCurrency,
    pay_amount: Number(payment.payAmount),
    actually_paid: Number(payment.actuallyPaid),
    pay_currency: payment.payCurrency,
    order_id: payment.orderId,
    order_description: payment.orderDescription,
    purchase_id: Number(payment.purchaseId),
    outcome_amount: Number(settlementOf(payment).outcomeAmount),
    outcome_currency: payment.outcomeCurrency,
    created_at: iso(payment.createdAt),
    updated_at: iso(payment.updatedAt),
    ...(isChild ? { parent_payment_id: idNumber(payment.parentId), origin_type: 'REPEATED' } : {}),
  }
}

export type PageView = Omit<ReturnType<typeof ownView>, 'children'> & { readonly children: readonly PageView[] }

/** A payment as the pay page shows it: exact texts, and everything that was told to the shop. */
export function pageView(
  payment: SimulatedPayment,
  childrenOf: (payment: SimulatedPayment) => SimulatedPayment[],
): PageView {
  return { ...ownView(payment), children: childrenOf(payment).map((child) => pageView(child, childrenOf)) }
}

function ownView(payment: SimulatedPayment) {
  const coin = coinOf(payment.payCurrency)
  return {
    payment_id: payment.id,
    parent_payment_id: payment.parentId,
    order_id: payment.orderId,
    order_description: payment.orderDescription,
    status: payment.status,
    price_amount: payment.priceAmount,
    price_currency: payment.priceCurrency,
    pay_amount: payment.payAmount,
    pay_currency: payment.payCurrency,
    pay_address: payment.payAddress,
    payin_extra_id: payment.memo,
    network: coin.network,
    coin_name: coin.name,
    decimals: coin.decimals,
    actually_paid: payment.actuallyPaid,
    created_at: iso(payment.createdAt),
    updated_at: iso(payment.updatedAt),
    valid_until: iso(payment.validUntil),
    notifications: payment.notifications,
  }
}
