import { symbolOf } from '../../domain/coin.ts'
import { bold, code, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { type Format } from '../format.ts'
import { type RefundTexts } from '../fr/refunds.ts'
import { saying, title } from '../people.ts'

export const refunds = (format: Format): RefundTexts => ({
  accepted: (orderCode: string): Html =>
    phrase`✅ Order ${code(orderCode)}: a person accepted your payment as it is. Your file is on its way.`,
  closed: (orderCode: string, reason: string, answer: 'request' | 'payment'): Html =>
    paragraphs(
      answer === 'request'
        ? phrase`🗂 Order ${code(orderCode)}: a person looked at your request and closed it.`
        : phrase`🗂 Order ${code(orderCode)}: a person looked at your payment, and nothing more is done about it.`,
      saying(reason),
      phrase`Any question? /support`,
    ),
  addressWanted: (orderCode: string, cents: bigint): Html =>
    phrase`↩️ We give you back ${bold(format.money(cents))} for order ${code(orderCode)}. Tell us where to send it.`,
  giveAddress: 'Give an address',
  sent: (orderCode: string, amount: string, asset: string, hash: string): Html =>
    lines(
      phrase`↩️ Order ${code(orderCode)}: ${bold(escape(amount))} ${escape(symbolOf(asset))} were sent to you.`,
      phrase`Transaction: ${code(hash)}`,
    ),
  refused: (orderCode: string, reason: string): Html =>
    paragraphs(
      phrase`✖️ Order ${code(orderCode)}: your refund is not sent.`,
      saying(reason),
      phrase`Any question? /support`,
    ),
  sellerTold: (product: string, orderCode: string, cents: bigint, share: 'cancelled' | 'set off'): Html =>
    share === 'cancelled'
      ? phrase`↩️ Order ${code(orderCode)} (${title(product)}) was refunded: your share of ${format.money(cents)} is cancelled.`
      : phrase`↩️ Order ${code(orderCode)} (${title(product)}) was refunded after it was paid out: ${format.money(cents)} will be deducted from your next payout.`,
  askCoin: phrase`Which coin would you like to be refunded in?`,
  askAddress: (coin: string, network: string): Html =>
    paragraphs(
      phrase`Which ${bold(escape(symbolOf(coin)))} address, on the ${bold(escape(network))} network, should your refund go to?`,
      phrase`Paste the address of your wallet. Never a secret key or a recovery phrase.`,
    ),
  confirmAddress: (coin: string, network: string, address: string): Html =>
    paragraphs(
      phrase`Is this your ${bold(escape(symbolOf(coin)))} address (${escape(network)}), sign by sign?`,
      code(address),
      phrase`What is sent to a wrong address cannot be brought back.`,
    ),
  unusual: phrase`⚠️ No ordinary wallet has this address: check it well.`,
  isMine: 'Yes, it is mine',
  fault: {
    checksum: phrase`A sign of this address is wrong: copy the whole of it from your wallet.`,
    'other network': phrase`This address belongs to another network: what is sent there would be lost.`,
    'not an address': phrase`This is no address of this coin. Copy the whole of it from your wallet.`,
  },
  noted: 'Noted: you will be told once it is sent.',
  over: 'Nothing is asked of you for this refund.',
})
