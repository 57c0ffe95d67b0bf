import { coinFacts, isCoin, isStablecoin, networkNameOf, symbolOf } from '../../domain/coin.ts'
import { type Cents } from '../../domain/money.ts'
import { bold, code, escape, type Html, html as phrase, lines, nothing, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type AskedPayment, type OrderFacts, type RefundFacts, type Shortfall } from '../facts.ts'
import { type OrderTexts } from '../fr/order.ts'
import { type Format } from '../format.ts'
import { title } from '../people.ts'
import { whyFailed, whyReview } from './order-reasons.ts'

/** How long a coin usually takes, in the middle of a sentence. */
export const usualTime = (coin: string | null): Html => {
  if (coin === null || !isCoin(coin)) return phrase`it usually takes a few minutes`
  const [from, to] = coinFacts[coin].minutes
  return phrase`it usually takes ${from} to ${to} minutes`
}

const head = (format: Format, { title: product, price, fee, total }: OrderFacts): Html =>
  lines(
    phrase`🧾 ${bold(title(product))}`,
    fee === 0n
      ? phrase`Total: ${bold(format.money(total))}`
      : phrase`${format.money(price)} + ${format.money(fee)} fee = ${bold(format.money(total))}`,
  )

const asked = ({ coin, amount, address, memo, network }: AskedPayment): Html =>
  lines(
    phrase`Exact amount: ${code(amount)} ${escape(symbolOf(coin))}`,
    phrase`Network: ${bold(escape(networkNameOf(coin, network)))}${isCoin(coin) && isStablecoin(coin) ? phrase` only` : nothing}`,
    phrase`Address: ${code(address)}`,
    memo === null || memo === '' ? undefined : phrase`⚠️ Memo, which must be included: ${code(memo)}`,
  )

const deadline = (format: Format, { expiresAt, minutesLeft }: AskedPayment): Html =>
  lines(
    phrase`⏱ Pay before ${format.time(expiresAt)}: ${format.duration(minutesLeft)} left.`,
    phrase`Send it in one transfer; network fees are on top, on your side.`,
  )

const shortfall = (format: Format, { coin, received, missing, missingDollars }: Shortfall): Html =>
  lines(
    phrase`⚠️ <b>Part of the payment is missing.</b>`,
    phrase`Received: ${escape(received)} ${escape(symbolOf(coin))}`,
    phrase`Missing: ${escape(missing)} ${escape(symbolOf(coin))}, that is ${bold(format.money(missingDollars))}`,
  )

export const order = (format: Format): OrderTexts => {
  const message = (facts: OrderFacts, ...told: readonly (Html | undefined)[]): Html =>
    asCaption(paragraphs(head(format, facts), ...told, phrase`Order ${code(facts.code)}`))

  return {
    preparing: (product: string): Html => phrase`⏳ We are preparing your order: ${bold(title(product))}…`,
    awaiting: (facts: OrderFacts, payment: AskedPayment): Html =>
      message(facts, asked(payment), deadline(format, payment)),
    askCancel: (facts: OrderFacts): Html =>
      message(
        facts,
        phrase`<b>Cancel this order?</b>`,
        phrase`Don’t send anything from now on. If you have just paid, don’t worry: we will still find it.`,
      ),
    askCoin: (facts: OrderFacts, coins: Html): Html =>
      message(
        facts,
        phrase`Which other coin would you like to pay with? The time starts anew, and the present address stays watched.`,
        coins,
      ),
    askRestCoin: (facts: OrderFacts, missing: Cents, coins: Html): Html =>
      message(facts, phrase`Which coin would you like to pay the missing ${format.money(missing)} with?`, coins),
    noAnswer: (facts: OrderFacts): Html =>
      message(facts, phrase`The payment service did not answer. You can try again: you will not pay twice.`),
    confirming: (facts: OrderFacts, coin: string | null): Html =>
      message(
        facts,
        phrase`👀 <b>Payment seen!</b> The network is confirming it: ${usualTime(coin)}.`,
        phrase`There is nothing left for you to do: the file will come by itself.`,
      ),
    settling: (facts: OrderFacts): Html =>
      message(facts, phrase`✅ <b>Payment confirmed.</b> One last check is running, just a moment.`),
    unreachable: phrase`We cannot check right now. Your money is safe: we keep trying.`,
    underpaid: (facts: OrderFacts, short: Shortfall, rest: AskedPayment | undefined): Html =>
      rest === undefined
        ? message(facts, shortfall(format, short), phrase`You can pay the rest, or ask for a refund.`)
        : message(
            facts,
            shortfall(format, short),
            lines(phrase`To pay the rest:`, asked(rest)),
            deadline(format, rest),
          ),
    tooSmallRest: phrase`The rest is too small to be paid in crypto. A person is looking at it: you will get the file or your money.`,
    review: (facts: OrderFacts, doubt: string | null): Html =>
      message(
        facts,
        phrase`🔎 ${bold(whyReview(doubt))}`,
        phrase`A person looks at it within 48 h: you will get the file or your money.`,
      ),
    expired: (facts: OrderFacts, watchUntil: Date | null): Html =>
      message(
        facts,
        phrase`⌛️ <b>Time is up.</b> Nothing was charged.`,
        watchUntil === null
          ? undefined
          : phrase`If you have just paid, please wait: this address is watched until ${format.date(watchUntil)}.`,
      ),
    cancelled: (facts: OrderFacts): Html =>
      message(
        facts,
        phrase`✖️ <b>Order cancelled.</b> Don’t send anything now; if you already did, we will still find it.`,
      ),
    failed: (facts: OrderFacts, reason: string | null): Html => message(facts, phrase`❌ ${whyFailed(reason)}`),
    refunded: (facts: OrderFacts, refund: RefundFacts | undefined, hadFile: boolean): Html =>
      message(
        facts,
        refund === undefined
          ? phrase`↩️ <b>Order refunded.</b>`
          : phrase`↩️ <b>Order refunded</b>: ${escape(refund.amount)} ${escape(symbolOf(refund.asset))}`,
        refund?.hash == null ? undefined : phrase`Transaction: ${code(refund.hash)}`,
        hadFile ? phrase`The file is no longer in your library.` : undefined,
      ),
  }
}
