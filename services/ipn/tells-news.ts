import { type KnownPayment } from '../../shared/db/known-payments.ts'
import { compareDecimals, isPositive, parseDecimal } from '../../shared/domain/decimal.ts'
import { isProviderStatus, ranks } from '../../shared/domain/payment.ts'
import { type PaymentNotification } from '../../shared/nowpayments/notification.ts'

/**
 * Whether a notification is a reason to ask NOWPayments. It is none where all it says was read before: that an address
 * waits for its money, or how a payment came to the end that paid for its order. Asking is limited, and others wait for it.
 */
export function tellsNews(known: KnownPayment, said: PaymentNotification): boolean {
  const { status, parentPaymentId, childPaymentIds } = said
  if (status === null || !isProviderStatus(status) || parentPaymentId !== null || childPaymentIds.length > 0)
    return true
  const paid = parseDecimal(said.actuallyPaid ?? '0')
  if (status === 'waiting' && known.rank >= ranks.waiting && !isPositive(paid)) return false
  return !known.isAccepted || ranks[status] > known.rank || compareDecimals(paid, parseDecimal(known.actuallyPaid)) > 0
}
