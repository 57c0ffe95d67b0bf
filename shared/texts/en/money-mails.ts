import { symbolOf } from '../../domain/coin.ts'
import { facts, link, say } from '../../mail/letter.ts'
import { cut } from '../../telegram/text-length.ts'
import { type Format } from '../format.ts'
import { type LetterOf } from '../fr/mails.ts'
import { type MoneyTemplate } from '../fr/money-mails.ts'
import { buyerFooter, open, sellerFooter } from './mail-words.ts'

export const moneyLetters = (format: Format): Pick<LetterOf, MoneyTemplate> => {
  const dollars = (cents: string): string => format.money(BigInt(cents))
  const title = (text: string): string => cut(text, 100)
  const coin = (of: string | null) => (of === null ? undefined : (['Coin', symbolOf(of)] as const))
  const listed = (codes: readonly string[]): string => cut(codes.join(', '), 500)
  return {
    sale: (mail, { botUrl }) => ({
      subject: `Sold: ${title(mail.title)}`,
      pieces: [
        facts(['Product', title(mail.title)], ['You earn', dollars(mail.price)], coin(mail.coin), [
          'Order',
          mail.orderCode,
        ]),
        say('You earn 100% of your price, once the escrow is over.'),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    receipt: (mail, { botUrl }) => ({
      subject: `Receipt for order ${mail.orderCode}`,
      pieces: [
        facts(
          ['Product', title(mail.title)],
          ['Sold by', mail.seller],
          ['Price', dollars(mail.price)],
          ['Fee', dollars(mail.fee)],
          ['Total', dollars(mail.total)],
          coin(mail.coin),
          ['Order', mail.orderCode],
        ),
        say('Your file is in the chat with the bot. You can ask for it again at any time with /library.'),
        link('Open my order', `${botUrl}?start=o_${mail.orderCode}`),
      ],
      footer: buyerFooter,
    }),
    'refund sent': ({ orderCode, amount, asset, hash }, { botUrl }) => ({
      subject: `Refund of order ${orderCode}`,
      pieces: [
        facts(
          ['Order', orderCode],
          ['Amount', `${amount} ${symbolOf(asset)}`],
          hash === null ? undefined : ['Transaction', hash],
        ),
        say(hash === null ? 'NOWPayments gave the money back itself.' : 'The money went to the address you gave.'),
        link(open, botUrl),
      ],
      footer: buyerFooter,
    }),
    'order refunded': (mail, { botUrl }) => ({
      subject: `Order refunded: ${title(mail.title)}`,
      pieces: [
        facts(['Product', title(mail.title)], ['Order', mail.orderCode], ['Your share', dollars(mail.cents)]),
        say(
          mail.share === 'cancelled'
            ? 'The buyer was refunded: your share of this order is cancelled.'
            : 'The buyer was refunded after you were paid: this share goes off your next payout.',
        ),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'payout sent': (mail, { botUrl }) => ({
      subject: `Payout sent: ${dollars(mail.cents)}`,
      pieces: [
        facts(
          ['Amount', `${dollars(mail.cents)} in USDT`],
          ['Address', mail.address],
          ['Transaction', mail.hash],
          ['Orders', listed(mail.orderCodes)],
        ),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'payout failed': (mail, { botUrl }) => ({
      subject: `Payout not made: ${dollars(mail.cents)}`,
      pieces: [
        say(`Your payout of ${dollars(mail.cents)} could not be made: ${cut(mail.reason, 500)}`),
        say('The money is available in your balance again. Check your Solana address in /sell.'),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'money waits': (mail, { botUrl }) => ({
      subject: 'Your money waits for an address',
      pieces: [
        say(`${dollars(mail.cents)} are waiting for you, and we do not know where to pay them.`),
        say('Add the Solana address of your wallet in the settings of your shop, with /sell.'),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
  }
}
