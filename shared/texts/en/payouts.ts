import { explorerUrl } from '../../domain/transaction-hash.ts'
import { bold, code, dotted, escape, type Html, html as phrase, lines, link, paragraphs } from '../../telegram/html.ts'
import { asCaption, asMessage } from '../../telegram/text-length.ts'
import {
  type BatchFacts,
  type DueSellerFacts,
  type FailingPayoutFacts,
  type PayoutFacts,
  type SentPayoutFacts,
} from '../facts.ts'
import { type PayoutTexts } from '../fr/payouts.ts'
import { type Format } from '../format.ts'

import { name, saying } from '../people.ts'

const states = {
  prepared: 'to be confirmed',
  confirmed: 'to be paid',
  sent: 'paid',
  settled: 'seen on the network',
  failed: 'failed',
  cancelled: 'cancelled',
  closed: 'closed',
}

const obstacles = {
  frozen: 'payouts frozen by the seller',
  suspended: 'account suspended',
  'no address': 'no address',
  'address on hold': 'address changed lately',
  'too little': 'below the minimum',
  'other address': 'the seller has another address',
}

const mostOrders = 20

/** A transaction on Solana, where everybody can look at it. */
const onChain = (hash: string): Html => link(code(hash), explorerUrl('usdtsol', hash))

function orders(codes: readonly string[]): Html {
  const shown = codes.slice(0, mostOrders).map((one) => code(one))
  const more = codes.length - shown.length
  return dotted(...shown, more > 0 ? phrase`+ ${more}` : undefined)
}

/** What is about to be taken back; what was noted as paid is paid twice if it did arrive. */
function failing(format: Format, of: FailingPayoutFacts | null): Html | undefined {
  if (of === null) return undefined
  return of.hash === null
    ? phrase`The payout of ${bold(format.money(of.cents))}, of which no transaction is noted.`
    : phrase`⚠️ ${bold(format.money(of.cents))} are noted as paid by the transaction ${onChain(of.hash)}. Be sure that it did not arrive: the amount will be paid again.`
}

export const payouts = (format: Format): PayoutTexts => ({
  button: '💸 Payouts',
  due: (payable: readonly DueSellerFacts[], waiting: readonly DueSellerFacts[]): Html =>
    asCaption(
      paragraphs(
        phrase`💸 <b>Payouts to sellers</b>`,
        payable.length === 0
          ? phrase`Nobody can be paid now.`
          : phrase`To be paid: ${bold(format.money(payable.reduce((sum, { cents }) => sum + cents, 0n)))} to ${payable.length} seller(s)`,
        lines(
          ...payable
            .slice(0, 10)
            .map((one) => dotted(name(one.shopName), format.money(one.cents), format.date(one.since))),
          payable.length > 10 ? phrase`+ ${payable.length - 10}` : undefined,
        ),
        waiting.length === 0
          ? undefined
          : lines(
              phrase`Cannot be paid:`,
              ...waiting
                .slice(0, 8)
                .map((one) =>
                  dotted(
                    name(one.shopName),
                    format.money(one.cents),
                    escape(one.obstacle === null ? '' : obstacles[one.obstacle]),
                  ),
                ),
              waiting.length > 8 ? phrase`+ ${waiting.length - 8}` : undefined,
            ),
      ),
    ),
  blocked: 'The books do not hold: nothing is paid out before an administrator has acknowledged it.',
  nobody: 'Nobody can be paid now.',
  prepare: '📝 Prepare a batch',
  waiting: (batchCode: string): string => `📝 Batch ${batchCode} to be confirmed`,
  history: '📚 Batches',
  toPayouts: '‹ Payouts',
  batches: (count: number, first: number, shown: readonly BatchFacts[]): Html =>
    asCaption(
      paragraphs(
        phrase`📚 <b>Payout batches</b> · ${count}`,
        lines(
          ...shown.map((one, index) =>
            dotted(
              phrase`${first + index}.`,
              code(one.code),
              format.money(one.cents),
              escape(states[one.state]),
              format.date(one.createdAt),
            ),
          ),
        ),
      ),
    ),
  noBatches: phrase`No batch was prepared yet.`,
  batch: (of: BatchFacts, shown: readonly PayoutFacts[]): Html =>
    asCaption(
      paragraphs(
        lines(
          phrase`💸 <b>Batch ${code(of.code)}</b> · ${escape(states[of.state])}`,
          phrase`${bold(format.money(of.cents))} to ${of.count} seller(s) · ${format.moment(of.createdAt)}`,
        ),
        lines(
          ...shown.map((one) =>
            dotted(phrase`${one.number}.`, name(one.shopName), format.money(one.cents), escape(states[one.state])),
          ),
        ),
      ),
    ),
  confirmBatch: '✅ Confirm the batch',
  cancelBatch: '✖️ Cancel the batch',
  askCancel: (of: BatchFacts): Html =>
    paragraphs(
      phrase`<b>Cancel batch ${code(of.code)}?</b> ${format.money(of.cents)} become available again.`,
      of.state === 'confirmed'
        ? phrase`⚠️ It was confirmed: somebody may have paid from it. If anything was sent, note its transaction instead, or its seller is paid twice.`
        : undefined,
    ),
  cancelNow: 'Yes, cancel it',
  export: '📄 List (CSV)',
  exported: (leftOut: number): string =>
    leftOut === 0
      ? 'The file is at the bottom of the chat.'
      : `The file is at the bottom of the chat, without ${leftOut} that must not be paid (any more).`,
  askCode: (of: BatchFacts): Html =>
    paragraphs(
      phrase`<b>${format.money(of.cents)} to ${of.count} seller(s)</b>: to confirm, type the code of the batch.`,
      code(of.code),
    ),
  otherCode: phrase`This is not the code of this batch.`,
  confirmed: 'Confirmed. Pay, then note each transaction.',
  changed: 'The list changed: prepare it again.',
  cancelled: 'Batch cancelled: the shares are available again.',
  tooLate: 'Too late: a transaction was noted, or the batch is over.',
  payout: (of: PayoutFacts): Html =>
    asCaption(
      paragraphs(
        lines(
          phrase`💸 <b>Payout ${of.number}</b> · ${escape(states[of.state])}`,
          phrase`Seller ${name(of.shopName)} · ${bold(format.money(of.cents))} in USDT (Solana)`,
        ),
        code(of.address),
        of.txHash === null ? undefined : phrase`Transaction: ${onChain(of.txHash)}`,
        of.reason === '' ? undefined : phrase`Reason: ${saying(of.reason)}`,
        of.obstacle === null || of.state !== 'confirmed'
          ? undefined
          : phrase`⚠️ Do not pay: ${escape(obstacles[of.obstacle])}.`,
        of.orderCodes.length === 0 ? undefined : phrase`Orders: ${orders(of.orderCodes)}`,
      ),
    ),
  enterHash: '✅ Note the transaction',
  markFailed: '✖️ Failed',
  markSettled: '🔗 Seen on the network',
  toBatch: '‹ Batch',
  toBatches: '‹ Batches',
  askHash: (of: PayoutFacts): Html =>
    paragraphs(phrase`Which transaction paid ${bold(format.money(of.cents))} to this address?`, code(of.address)),
  notHash: phrase`This is no Solana transaction (64 bytes in base58): copy the whole of it from the wallet.`,
  hashUsed: phrase`This transaction was noted for a refund or in another batch already.`,
  confirmHash: (of: PayoutFacts, hash: string): Html =>
    paragraphs(
      phrase`<b>Note this payout?</b> ${name(of.shopName)} will be told.`,
      lines(bold(format.money(of.cents)), code(of.address), code(hash)),
    ),
  noted: 'Noted: the seller is told.',
  failedNoted: 'Noted: the shares are available again, and the seller is told.',
  settledNoted: 'Noted.',
  over: 'This was dealt with already: the payout shows how it ended.',
  askWhyFailed: (of: FailingPayoutFacts | null): Html =>
    paragraphs(
      failing(format, of),
      phrase`What failed, and what is to be corrected? From 10 to 300 characters, which the seller will read.`,
    ),
  confirmReason: (reason: string, of: FailingPayoutFacts | null): Html =>
    paragraphs(failing(format, of), phrase`The seller will read this:`, escape(reason)),

  sent: ({ cents, address, hash, orderCodes }: SentPayoutFacts): Html =>
    asMessage(
      paragraphs(
        phrase`💸 <b>${format.money(cents)} were paid to you</b> in USDT on Solana.`,
        lines(phrase`Address: ${code(address)}`, phrase`Transaction: ${onChain(hash)}`),
        phrase`Orders: ${orders(orderCodes)}`,
      ),
    ),
  failed: (cents: bigint, reason: string): Html =>
    paragraphs(
      phrase`⚠️ The payout of ${bold(format.money(cents))} did not work: the amount is available again.`,
      saying(reason),
    ),
  mine: '📤 My payouts',
  own: (count: number, first: number, shown: readonly PayoutFacts[]): Html =>
    asCaption(
      paragraphs(
        phrase`📤 <b>Your payouts</b> · ${count}`,
        lines(
          ...shown.map((one, index) =>
            dotted(
              phrase`${first + index}.`,
              format.date(one.at),
              bold(format.money(one.cents)),
              escape(states[one.state]),
            ),
          ),
        ),
      ),
    ),
  noneOwn: phrase`📤 No payouts yet: your sales are paid to you from a minimum amount on.`,
  ownOne: (of: PayoutFacts): Html =>
    asCaption(
      paragraphs(
        phrase`📤 <b>Payout of ${format.date(of.at)}</b> · ${escape(states[of.state])}`,
        phrase`${bold(format.money(of.cents))} in USDT (Solana), free of charge for you`,
        code(of.address),
        of.txHash === null ? undefined : phrase`Transaction: ${onChain(of.txHash)}`,
        of.reason === '' ? undefined : phrase`Reason: ${saying(of.reason)}`,
        of.orderCodes.length === 0 ? undefined : phrase`Orders: ${orders(of.orderCodes)}`,
      ),
    ),
  toBalance: '‹ Balance',
  toMine: '‹ My payouts',
  gone: 'There is no such payout.',
})
