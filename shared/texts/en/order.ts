import { coinFacts, isCoin, isStablecoin, networkNameOf, symbolOf } from '../../domain/coin.ts'
import { type Cents } from '../../domain/money.ts'
import { bold, code, escape, type Html, html, lines, nothing, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type AskedPayment, type OrderFacts, type RefundFacts, type Shortfall } from '../facts.ts'
import { type OrderTexts } from '../fr/order.ts'
import { type Format } from '../format.ts'
import { title } from '../people.ts'
import { whyFailed, whyReview } from './order-reasons.ts'

/** How long a coin usually takes, in the middle of a sentence. */
export const usualTime = (coin: string | null): Html => {
  if (coin === null || !isCoin(coin)) return html`it usually takes a few minutes`
  const [from, to] = coinFacts[coin].minutes
  return html`it usually takes ${from} to ${to} minutes`
}

const head = (format: Format, { title: product, price, fee, total }: OrderFacts): Html =>
  lines(
    html`🧾 ${bold(title(product))}`,
    fee === 0n
      ? html`Total: ${bold(format.money(total))}`
      : html`${format.money(price)} + ${format.money(fee)} fee = ${bold(format.money(total))}`,
  )

const asked = ({ coin, amount, address, memo, network }: AskedPayment): Html =>
  lines(
    html`Exact amount: ${code(amount)} ${escape(symbolOf(coin))}`,
    html`Network:
    ${bold(escape(networkNameOf(coin, network)))}${isCoin(coin) && isStablecoin(coin) ? html` only` : nothing}`,
    html`Address: ${code(address)}`,
    memo === null || memo === '' ? undefined : html`⚠️ Memo, which must be included: ${code(memo)}`,
  )

const deadline = (format: Format, { expiresAt, minutesLeft }: AskedPayment): Html =>
  lines(
    html`⏱ Pay before ${format.time(expiresAt)}: ${format.duration(minutesLeft)} left.`,
    html`Send it in one transfer; network fees are on top, on your side.`,
  )

const shortfall = (format: Format, { coin, received, missing, missingDollars }: Shortfall): Html =>
  lines(
    html`⚠️ <b>Part of the payment is missing.</b>`,
    html`Received: ${escape(received)} ${escape(symbolOf(coin))}`,
    html`Missing: ${escape(missing)} ${escape(symbolOf(coin))}, that is ${bold(format.money(missingDollars))}`,
  )

export const order = (format: Format): OrderTexts => {
  const message = (facts: OrderFacts, ...told: readonly (Html | undefined)[]): Html =>
    asCaption(paragraphs(head(format, facts), ...told, html`Order ${code(facts.code)}`))

  return {
    preparing: (product: string): Html => html`⏳ We are preparing your order: ${bold(title(product))}…`,
    awaiting: (facts: OrderFacts, payment: AskedPayment): Html =>
      message(facts, asked(payment), deadline(format, payment)),
    askCancel: (facts: OrderFacts): Html =>
      message(
        facts,
        html`<b>Cancel this order?</b>`,
        html`Don’t send anything from now on. If you have just paid, don’t worry: we will still find it.`,
      ),
    askCoin: (facts: OrderFacts, coins: Html): Html =>
      message(
        facts,
        html`Which other coin would you like to pay with? The time starts anew, and the present address stays watched.`,
        coins,
      ),
    askRestCoin: (facts: OrderFacts, missing: Cents, coins: Html): Html =>
      message(facts, html`Which coin would you like to pay the missing ${format.money(missing)} with?`, coins),
    noAnswer: (facts: OrderFacts): Html =>
      message(facts, html`The payment service did not answer. You can try again: you will not pay twice.`),
    confirming: (facts: OrderFacts, coin: string | null): Html =>
      message(
        facts,
        html`👀 <b>Payment seen!</b> The network is confirming it: ${usualTime(coin)}.`,
        html`There is nothing left for you to do: the file will come by itself.`,
      ),
    settling: (facts: OrderFacts): Html =>
      message(facts, html`✅ <b>Payment confirmed.</b> One last check is running, just a moment.`),
    unreachable: html`We cannot check right now. Your money is safe: we keep trying.`,
    underpaid: (facts: OrderFacts, short: Shortfall, rest: AskedPayment | undefined): Html =>
      rest === undefined
        ? message(facts, shortfall(format, short), html`You can pay the rest, or ask for a refund.`)
        : message(facts, shortfall(format, short), lines(html`To pay the rest:`, asked(rest)), deadline(format, rest)),
    tooSmallRest: html`The rest is too small to be paid in crypto. A person is looking at it: you will get the file or
    your money.`,
    review: (facts: OrderFacts, doubt: string | null): Html =>
      message(
        facts,
        html`🔎 ${bold(whyReview(doubt))}`,
        html`A person looks at it within 48 h: you will get the file or your money.`,
      ),
    paid: (facts: OrderFacts, marks: { readonly late: boolean; readonly overpaid: boolean }): Html =>
      message(
        facts,
        facts.total === 0n
          ? html`🎁 It’s yours! Your file follows.`
          : html`🎉 <b>Paid, thank you!</b> Your file follows.`,
        marks.late ? html`Your payment came after the deadline, and we honoured it.` : undefined,
        marks.overpaid ? html`You sent more than needed: we have noted the difference.` : undefined,
      ),
    expired: (facts: OrderFacts, watchUntil: Date | null): Html =>
      message(
        facts,
        html`⌛️ <b>Time is up.</b> Nothing was charged.`,
        watchUntil === null
          ? undefined
          : html`If you have just paid, please wait: this address is watched until ${format.date(watchUntil)}.`,
      ),
    cancelled: (facts: OrderFacts): Html =>
      message(
        facts,
        html`✖️ <b>Order cancelled.</b> Don’t send anything now; if you already did, we will still find it.`,
      ),
    failed: (facts: OrderFacts, reason: string | null): Html => message(facts, html`❌ ${whyFailed(reason)}`),
    refunded: (facts: OrderFacts, refund: RefundFacts | undefined): Html =>
      message(
        facts,
        refund === undefined
          ? html`↩️ <b>Order refunded.</b>`
          : html`↩️ <b>Order refunded</b>: ${escape(refund.amount)} ${escape(symbolOf(refund.asset))}`,
        refund?.hash == null ? undefined : html`Transaction: ${code(refund.hash)}`,
        html`The file is no longer in your library.`,
      ),
  }
}
