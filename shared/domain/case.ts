import { isPaid, type OrderStatus } from './order.ts'

/**
 * Cases about a sale itself: who gives its money back gives back all of the order. On a paid order any other case is about
 * money beside the sale, which goes back without it.
 */
export const saleCases: readonly string[] = ['content withdrawn', 'refund asked', 'refunded in part', 'never completed']

/** Cases that only waited for the rest of an order's money: once all of it is there, nobody has to decide about them. */
export const restCases: readonly string[] = ['rest too small', 'never completed', 'not finished']

/** More money than was asked for, in whatever shape: on a paid order the buyer is told that a person looks at it. */
export const moneyCases: readonly string[] = [
  'wrong coin',
  'price differs',
  'another order',
  'second deposit',
  'cancelled at the provider',
  'too late',
]

/** The buyer asked for something. */
const asked: readonly string[] = ['refund asked', 'difference asked']

/** The buyer was told that money is owed to them. */
const promised: readonly string[] = ['paid twice', 'content withdrawn']

/** The buyer was told that a person looks at their payment, or to write if anything was sent; until they have the file. */
const heldUp: readonly string[] = ['rest too small', 'failed after a deposit']

/**
 * What closing a case says to the buyer: the answer to what they wait for, how a look at their payment ended, or (null)
 * nothing, because they know nothing of it. `isLast`: nobody has to decide anything else about the order.
 */
export type CaseAnswer = 'request' | 'payment' | null

export function answerOfClosing(kind: string, status: OrderStatus, isLast: boolean): CaseAnswer {
  if (asked.includes(kind)) return 'request'
  const endsReview = status === 'review' && isLast
  const isToldOf = isPaid(status) && moneyCases.includes(kind)
  const isHeldUp = heldUp.includes(kind) && !isPaid(status) && status !== 'refunded'
  return promised.includes(kind) || endsReview || isToldOf || isHeldUp ? 'payment' : null
}
