import { compareDecimals, parseDecimal } from './decimal.ts'
import { type OrderStatus } from './order.ts'
import { isProviderStatus, ranks, type Report } from './payment.ts'

/** A payment as it is written down, once the report it is compared with was recorded. */
export type WrittenPayment = {
  readonly reference: string
  readonly kind: 'main' | 'topup' | 'redeposit'
  readonly rank: number
  readonly priceCents: bigint
  readonly payCurrency: string
  readonly payAmount: string | null
  readonly actuallyPaid: string
  readonly address: string | null
  /** Settled there, and waiting here for the day's rate. */
  readonly waitsForRate: boolean
  readonly orderStatus: OrderStatus
}

export type ComparedReport = Report & { readonly payAmount: string; readonly address: string | null }

const unpaid: readonly OrderStatus[] = ['creating', 'awaiting_payment', 'expired', 'cancelled', 'failed']

/** What the provider says of a payment that is not what is written down; nothing when both agree. */
export function differencesOf(written: WrittenPayment, report: ComparedReport): string[] {
  return [...progressDifferences(written, report), ...askedDifferences(written, report)]
}

function progressDifferences(written: WrittenPayment, { status, actuallyPaid }: ComparedReport): string[] {
  if (!isProviderStatus(status)) return [] // told when it was read
  const rank = ranks[status]
  const isSettledThere = status === 'finished' || status === 'partially_paid'
  const found: string[] = []
  if (rank > written.rank && !written.waitsForRate) found.push(`it is ${status} there, and behind here`)
  if (rank < written.rank && written.rank >= ranks.failed) found.push(`it went back to ${status} there`)
  if (isSettledThere && rank === written.rank && unpaid.includes(written.orderStatus))
    found.push(`it is ${status} there, and its order is ${written.orderStatus}`)
  if (!isSame(written.actuallyPaid, actuallyPaid))
    found.push(`received ${actuallyPaid} there, ${written.actuallyPaid} here`)
  return found
}

/** What was asked. A later deposit was asked for by nobody. */
function askedDifferences(written: WrittenPayment, report: ComparedReport): string[] {
  if (written.kind === 'redeposit' || written.payAmount === null) return []
  const found: string[] = []
  if (!isSame(written.payAmount, report.payAmount))
    found.push(`asked ${report.payAmount} there, ${written.payAmount} here`)
  if (report.payCurrency.toLowerCase() !== written.payCurrency) found.push(`the coin is ${report.payCurrency} there`)
  if (report.priceCurrency.toLowerCase() !== 'usd' || report.priceCents !== written.priceCents)
    found.push(`the price is another there`)
  if (report.reference !== written.reference) found.push(`it is for another order there`)
  if (report.address !== null && report.address !== written.address) found.push(`the address is another there`)
  return found
}

const isSame = (one: string, other: string): boolean => compareDecimals(parseDecimal(one), parseDecimal(other)) === 0
