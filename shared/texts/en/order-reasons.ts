import { type Doubt } from '../../domain/payment.ts'
import { type Html, html } from '../../telegram/html.ts'

const doubts: Readonly<Record<Doubt, Html>> = {
  'wrong coin': html`We received another coin than the one asked for.`,
  'price differs': html`The payment we received does not match the price asked for.`,
  'another order': html`The payment we received carries the reference of another order.`,
  'second deposit': html`A second transfer arrived at the same address.`,
  'cancelled at the provider': html`The payment service stopped this payment.`,
  'not finished': html`The amount is there, but the payment service has not confirmed all of it.`,
  'withdrawn product': html`This product was withdrawn from sale: you will be refunded.`,
  'too late': html`Your payment arrived long after the deadline, and the rate may have changed.`,
  'paid twice': html`You paid twice: we owe you one of the two payments.`,
}

/** Why money waits for a person. An unknown reason is told in general words. */
export const whyReview = (doubt: string | null): Html =>
  doubt !== null && Object.hasOwn(doubts, doubt)
    ? doubts[doubt as Doubt]
    : html`Your payment has to be checked by hand.`

const failures: Readonly<Record<string, Html>> = {
  'below minimum': html`The amount is below the minimum of this coin: please choose another one.`,
  'coin unavailable': html`This coin is unavailable at the moment: please choose another one.`,
  closed: html`Payments are closed for the moment. Please try again a little later; you have not been charged.`,
  refused: html`The payment service refused this request: please try another coin.`,
  'price changed': html`The price has changed meanwhile. Start again to see the new one.`,
  'no address': html`We could not get a payment address. You have not been charged: start again whenever you like.`,
}

/** Why an order failed: without an address, or at the provider. */
export const whyFailed = (reason: string | null): Html =>
  (reason !== null && Object.hasOwn(failures, reason) ? failures[reason] : undefined) ??
  html`The payment service could not process this payment, most often because the amount was under the coin’s minimum.
  If you sent something, write to us: nothing is lost.`
