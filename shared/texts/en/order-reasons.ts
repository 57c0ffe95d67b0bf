import { type Doubt } from '../../domain/payment.ts'
import { type Html, html as phrase } from '../../telegram/html.ts'

const doubts: Readonly<Record<Doubt | 'refund opened', Html>> = {
  'wrong coin': phrase`We received another coin than the one asked for.`,
  'price differs': phrase`The payment we received does not match the price asked for.`,
  'another order': phrase`The payment we received carries the reference of another order.`,
  'second deposit': phrase`A second transfer arrived at the same address.`,
  'cancelled at the provider': phrase`The payment service stopped this payment.`,
  'not finished': phrase`The amount is there, but the payment service has not confirmed all of it.`,
  'withdrawn product': phrase`This product was withdrawn from sale: you will be refunded.`,
  'too late': phrase`Your payment arrived long after the deadline, and the rate may have changed.`,
  'paid twice': phrase`You paid twice: we owe you one of the two payments.`,
  'never completed': phrase`This payment was not completed in time.`,
  'refund opened': phrase`A person is giving your money back: tell us where it should go with the button in our message.`,
}

/** Why money waits for a person. An unknown reason is told in general words. */
export const whyReview = (doubt: string | null): Html =>
  doubt !== null && Object.hasOwn(doubts, doubt)
    ? doubts[doubt as keyof typeof doubts]
    : phrase`Your payment has to be checked by hand.`

const failures: Readonly<Record<string, Html>> = {
  'below minimum': phrase`The amount is below the minimum of this coin: please choose another one.`,
  'coin unavailable': phrase`This coin is unavailable at the moment: please choose another one.`,
  closed: phrase`Payments are closed for the moment. Please try again a little later; you have not been charged.`,
  refused: phrase`The payment service refused this request: please try another coin.`,
  'price changed': phrase`The price has changed meanwhile. Start again to see the new one.`,
  'no address': phrase`We could not get a payment address. You have not been charged: start again whenever you like.`,
  'closed by hand': phrase`A person looked at this order and closed it: the reason is in our message.`,
}

/** Why an order failed: without an address, or at the provider. */
export const whyFailed = (reason: string | null): Html =>
  (reason !== null && Object.hasOwn(failures, reason) ? failures[reason] : undefined) ??
  phrase`The payment service could not process this payment, most often because the amount was under the coin’s minimum. If you sent something, tap Help: a person sees what can be recovered.`
