import {
  addDecimals,
  type Decimal,
  decimalText,
  isPositive,
  multiplyDecimals,
  parseDecimal,
  ratio,
  subtractDecimals,
  zero,
} from '../../../shared/domain/decimal.ts'
import { cents, type Cents } from '../../../shared/domain/money.ts'
import { type Order } from '../../../shared/db/orders.ts'
import { type Attempt } from '../../../shared/db/payment-attempts.ts'

/** The dollars an order still lacks. */
export function missingOf({ total }: Pick<Order, 'total'>, attempts: readonly Pick<Attempt, 'covered'>[]): Cents {
  const covered = attempts.reduce((sum, attempt) => sum + attempt.covered, 0n)
  return cents(covered < total ? total - covered : 0n)
}

/** The payment an order message shows: the latest address to pay to, if there is one to pay to now. */
export function paymentToShow(order: Pick<Order, 'status'>, attempts: readonly Attempt[]): Attempt | undefined {
  const wanted = order.status === 'awaiting_payment' ? 'main' : order.status === 'underpaid' ? 'topup' : undefined
  return attempts.findLast(({ kind, address, isOpen }) => kind === wanted && address !== null && isOpen)
}

/** The last attempt, when nobody knows what became of it or it was refused: the message says so. */
export function failureToShow(attempts: readonly Attempt[]): Attempt | undefined {
  const last = attempts.at(-1)
  const isFailure = last?.address === null && !last.isNew && !last.isBeingAsked
  return isFailure ? last : undefined
}

export type Shortfall = { readonly coin: string; readonly received: string; readonly missing: string }

/** What came short in the coin it came in last; deposits to one address count together. */
export function shortfallOf(order: Pick<Order, 'total'>, attempts: readonly Attempt[]): Shortfall | undefined {
  const asks = attempts.filter(({ payAmount }) => payAmount !== null)
  const short = asks.findLast(({ actuallyPaid }) => actuallyPaid !== '0') ?? asks.at(-1)
  if (short?.payAmount == null) return undefined
  const { coin, payAmount, price } = short
  const received = attempts
    .filter((one) => one.coin === coin && one.payAmount === payAmount && isSettled(one))
    .reduce((sum, { actuallyPaid }) => addDecimals(sum, parseDecimal(actuallyPaid)), zero)
  const asked = parseDecimal(payAmount)
  const isAlone = price === order.total && attempts.every((one) => one.covered === 0n || one.payAmount === payAmount)
  const missing = isAlone ? subtractDecimals(asked, received) : inCoin(missingOf(order, attempts), asked, price)
  return { coin, received: decimalText(received), missing: isPositive(missing) ? decimalText(missing) : '0' }
}

const isSettled = ({ status }: Pick<Attempt, 'status'>): boolean => status === 'finished' || status === 'partially_paid'

/** Dollars in a coin, by the rate at which a payment was asked in it. */
const inCoin = (dollars: Cents, asked: Decimal, price: Cents): Decimal =>
  ratio(multiplyDecimals(asked, { digits: dollars, scale: 0 }), { digits: price, scale: 0 }, 8)

const onItsWay = ['confirming', 'confirmed', 'sending']

/** The rest of an underpaid order was seen on the network: nothing more is to be asked for it. */
export const isRestOnItsWay = (attempts: readonly Pick<Attempt, 'kind' | 'status'>[]): boolean =>
  attempts.some(({ kind, status }) => kind === 'topup' && onItsWay.includes(status))

/** Somebody may have paid: an address was given at least once. */
export const hadAddress = (attempts: readonly Pick<Attempt, 'address'>[]): boolean =>
  attempts.some(({ address }) => address !== null)
