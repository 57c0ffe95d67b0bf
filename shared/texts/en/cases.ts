import { symbolOf } from '../../domain/coin.ts'
import { type Cents } from '../../domain/money.ts'
import { bold, code, dotted, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type CaseFacts, type JudgedPaymentFacts, type OpenCaseFacts, type OpenRefundFacts } from '../facts.ts'
import { type CasesTexts } from '../fr/cases.ts'
import { type Format } from '../format.ts'
import { name, saying, title } from '../people.ts'
import { stamp } from '../stamp.ts'
import { statusSigns } from '../status-signs.ts'
import { kindOfCase } from './case-kinds.ts'

const refundKinds = {
  order: 'whole order',
  money: 'money received',
  excess: 'money beyond a sale',
}

const mostPayments = 4

export const cases = (format: Format): CasesTexts => {
  const payment = (of: JudgedPaymentFacts): Html => {
    const asked = of.payAmount === null ? 'no address' : `${of.payAmount} ${symbolOf(of.coin)}`
    const came = `${of.actuallyPaid} ${symbolOf(of.reportedCoin ?? of.coin)}`
    return lines(
      dotted(
        phrase`#${of.attempt} ${escape(of.status)}${of.isAccepted ? phrase` ✅` : phrase``}`,
        escape(of.providerId ?? ''),
      ),
      phrase`asked ${escape(asked)}, received ${bold(escape(came))}`,
    )
  }

  return {
    casesButton: (count: number): string => `⚖️ Cases · ${count}`,
    refundsButton: (count: number): string => `↩️ Refunds · ${count}`,
    list: (count: number, shown: readonly OpenCaseFacts[]): Html =>
      asCaption(
        paragraphs(
          phrase`⚖️ <b>Cases to decide</b> · ${count}`,
          ...shown.map((one) =>
            lines(
              dotted(phrase`${one.position}.`, bold(escape(kindOfCase(one.kind))), format.money(one.total)),
              dotted(
                code(one.orderCode),
                phrase`${escape(statusSigns[one.status])} ${escape(one.status)}`,
                code(stamp(one.openedAt)),
              ),
            ),
          ),
        ),
      ),
    none: phrase`✅ No case is waiting.`,
    card: (of: CaseFacts): Html =>
      asCaption(
        paragraphs(
          lines(
            phrase`⚖️ ${bold(escape(kindOfCase(of.kind)))}`,
            phrase`Since: ${format.moment(of.openedAt)}`,
            of.note === '' ? undefined : saying(of.note),
          ),
          lines(
            phrase`🧾 ${code(of.order.code)} · ${bold(title(of.order.title))}`,
            dotted(
              phrase`${escape(statusSigns[of.order.status])} ${escape(of.order.status)}`,
              format.money(of.order.total),
            ),
            phrase`Buyer ${code(String(of.order.buyerId))} · seller ${name(of.order.sellerName)}`,
          ),
          ...of.payments.slice(-mostPayments).map(payment),
          of.isRefundOpen ? phrase`↩️ A refund is under way.` : undefined,
        ),
      ),
    settledAlready: 'Settled already.',
    changed: 'The order changed meanwhile: please look again.',
    owned: 'The buyer owns this product already: it has to be refunded.',
    withdrawn: 'This product is banned: it has to be refunded.',
    refundOpen: 'A refund of this order is under way already.',
    nothingCame: 'No payment was made for this order.',
    accept: '✅ Accept',
    refund: '↩️ Refund',
    close: '🗂 Close',
    timeline: '🧾 Timeline',
    toCases: '‹ Cases',
    askAccept: (of: CaseFacts): Html =>
      asCaption(
        paragraphs(
          phrase`<b>Accept order ${code(of.order.code)}?</b>`,
          lines(
            phrase`Total: ${format.money(of.order.total)}`,
            phrase`Counted as received: ${format.money(of.received)}`,
            phrase`Borne by the platform: ${bold(format.money(of.order.total - of.received))}`,
          ),
          phrase`The buyer gets the file, the seller their whole share.`,
        ),
      ),
    acceptNow: 'Yes, accept',
    accepted: 'Accepted: the file is on its way.',
    closed: 'Closed.',
    askReason: phrase`For what reason? From 10 to 300 characters, which the buyer will read.`,
    confirmReason: (reason: string): Html => paragraphs(phrase`The buyer will read this:`, escape(reason)),
    askNote: phrase`For what reason? From 10 to 300 characters, for the record: the buyer waits for nothing, and hears nothing of it.`,
    confirmNote: (reason: string): Html =>
      paragraphs(phrase`The case is closed, and the buyer hears nothing of it:`, escape(reason)),
    confirm: 'Yes, confirm',
    askCents: (orderCode: string): Html =>
      phrase`How much is to be given back for order ${code(orderCode)}, in dollars?`,
    proposed: (cents: Cents): string => `Give back ${format.money(cents)}`,
    notCents: phrase`I’m expecting an amount in dollars, for example 12.50, at most 100000.`,
    askOpen: (orderCode: string, cents: Cents, kind: 'order' | 'money' | 'excess'): Html =>
      paragraphs(
        phrase`<b>Refund ${format.money(cents)} for order ${code(orderCode)}?</b>`,
        kind === 'order'
          ? phrase`Once it is marked as sent, the buyer loses access to the file, and the seller their share.`
          : undefined,
        phrase`The buyer is asked for an address first.`,
      ),
    opened: 'Opened: the buyer is asked for an address.',
    refunds: (count: number, first: number, shown: readonly OpenRefundFacts[]): Html =>
      asCaption(
        paragraphs(
          phrase`↩️ <b>Refunds to send</b> · ${count}`,
          ...shown.map((one, index) =>
            dotted(
              phrase`${first + index}.`,
              code(one.orderCode),
              format.money(one.cents),
              one.address === null ? phrase`waiting for an address` : escape(symbolOf(one.asset ?? '')),
            ),
          ),
        ),
      ),
    noRefunds: phrase`✅ No refund is waiting.`,
    refundCard: (of: OpenRefundFacts, batchCode: string | null): Html =>
      asCaption(
        paragraphs(
          lines(
            phrase`↩️ <b>Refund</b> · ${escape(refundKinds[of.kind])}`,
            phrase`Order ${code(of.orderCode)} · ${bold(format.money(of.cents))}`,
            phrase`Since: ${format.moment(of.openedAt)}`,
          ),
          of.address === null || of.asset === null
            ? phrase`⏳ The buyer has not given an address yet.`
            : lines(phrase`To be sent in ${bold(escape(symbolOf(of.asset)))} to:`, code(of.address)),
          of.state === 'sent'
            ? lines(
                phrase`✅ Sent: ${escape(of.amount ?? '')} ${escape(symbolOf(of.asset ?? ''))}`,
                code(of.txHash ?? ''),
              )
            : undefined,
          of.state === 'rejected' ? phrase`✖️ Refused: ${saying(of.reason)}` : undefined,
          of.state === 'asked' && batchCode !== null
            ? phrase`⚠️ The seller’s share is in batch ${code(batchCode)}: send nothing before it is closed or cancelled.`
            : undefined,
        ),
      ),
    markSent: '✅ Mark as sent',
    reject: '✖️ Refuse',
    askAgain: '🔁 Ask for the address again',
    askForget: (address: string): Html =>
      paragraphs(
        phrase`<b>Ask the buyer for another address?</b> The one they gave is forgotten:`,
        code(address),
        phrase`⚠️ If anything was sent to it, note that first: it cannot be noted afterwards.`,
      ),
    forgetNow: 'Yes, ask again',
    askedAgain: 'The buyer is asked for an address once more.',
    toRefunds: '‹ Refunds',
    askAmount: (coin: string, address: string): Html =>
      paragraphs(phrase`How much did you send, in ${bold(escape(symbolOf(coin)))}, to this address?`, code(address)),
    notAmount: (decimals: number): Html =>
      phrase`I’m expecting an amount greater than zero, with a point and at most ${decimals} decimals.`,
    askHash: phrase`What is the hash of the transaction?`,
    notHash: (coin: string): Html =>
      phrase`No ${escape(symbolOf(coin))} transaction is called that: copy the whole hash from the wallet.`,
    hashUsed: phrase`This transaction was noted for another transfer already.`,
    confirmSent: (of: OpenRefundFacts, amount: string, hash: string): Html =>
      paragraphs(
        phrase`<b>Note this transfer for order ${code(of.orderCode)}?</b>`,
        lines(phrase`${bold(escape(amount))} ${escape(symbolOf(of.asset ?? ''))}`, code(of.address ?? ''), code(hash)),
        of.kind === 'order'
          ? phrase`The buyer loses access to the file, and the seller’s share is taken back.`
          : undefined,
      ),
    sent: 'Noted: the buyer is told.',
    rejected: 'Refused: the buyer is told.',
    inBatch: 'The seller’s share is in a batch: close or cancel that first.',
    nothingToRefund: 'There is nothing to give back for this order.',
    refundOrder: '↩️ Refund the order',
    toRefund: '↩️ Refund under way',
  }
}
