import { symbolOf } from '../../domain/coin.ts'
import { type CodePurpose } from '../../domain/mail.ts'
import { code, facts, link, say } from '../../mail/letter.ts'
import { cut } from '../../telegram/text-length.ts'
import { type LetterOf, type MailTexts } from '../fr/mails.ts'
import { type Format } from '../format.ts'
import { refusals } from './refusals.ts'

const sellerFooter =
  'You get this e-mail because you sell on Comptoir. We never ask for a code, a key or a password by e-mail.'
const codeFooter = 'If you did not ask for this, ignore this e-mail: without the code nothing changes.'
const buyerFooter =
  'You get this e-mail because you asked for your receipts in /mydata, where you can stop them as well.'
const adminFooter = 'You get this e-mail because your address is ADMIN_EMAIL.'

const purposes: Readonly<Record<CodePurpose, (about: string) => string>> = {
  'open shop': () => 'Here is the code to open your shop.',
  'new email': () => 'Here is the code to confirm this new e-mail address.',
  'change email': (about) => `Here is the code to replace your e-mail address with ${about}.`,
  'change address': (about) => `Here is the code to be paid at this Solana address: ${about}`,
  verify: () => 'Here is the code to confirm your e-mail address.',
  receipts: () => 'Here is the code to get your receipts at this address.',
}

const notMe =
  'If this was not you, open Comptoir and press “This was not me” in the message there at once: your payouts will be blocked.'

export const mails = (format: Format): MailTexts => {
  const dollars = (cents: string): string => format.money(BigInt(cents))
  const title = (text: string): string => cut(text, 100)
  const coin = (of: string | null) => (of === null ? undefined : (['Coin', symbolOf(of)] as const))
  const open = 'Open Comptoir'
  const letter: LetterOf = {
    code: ({ purpose, about }, { code: digits }) => ({
      subject: 'Your Comptoir code',
      pieces: [
        say(purposes[purpose](about)),
        code(digits),
        say('It is valid for 15 minutes. Write it to the bot, and to nobody else.'),
      ],
      footer: codeFooter,
    }),
    welcome: ({ shop }, { botUrl }) => ({
      subject: 'Your shop is open',
      pieces: [
        say(`Welcome! The shop ${shop} is open.`),
        say(
          'To begin: create a product with /sell, send its file, and share the link of your shop. You earn 100% of your price, paid in USDT on Solana.',
        ),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'email changed': ({ email, isOld }, { botUrl }) => ({
      subject: 'Your e-mail address was changed',
      pieces: [
        say(
          isOld
            ? 'The e-mail address of your shop is not this one any more. The new one is:'
            : 'The e-mail address of your shop is now:',
        ),
        code(email),
        say(notMe),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'address changed': ({ address, heldUntil }, { botUrl }) => ({
      subject: 'Your payout address was changed',
      pieces: [
        say('Your sales will be paid to this Solana address:'),
        code(address),
        say(`For your safety, payouts wait until ${format.moment(new Date(heldUntil))}.`),
        say(notMe),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'first product': (mail, { botUrl }) => ({
      subject: 'Your first product is on sale',
      pieces: [
        say(`Congratulations! “${title(mail.title)}” is on sale, and it is your first product.`),
        say('Share the link of your shop: it is in /sell.'),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'product on sale': (mail, { botUrl }) => ({
      subject: `On sale: ${title(mail.title)}`,
      pieces: [say(`Your product “${title(mail.title)}” is on sale.`), link(open, botUrl)],
      footer: sellerFooter,
    }),
    'version on sale': (mail, { botUrl }) => ({
      subject: `New version on sale: ${title(mail.title)}`,
      pieces: [
        say(`Version ${mail.number} of “${title(mail.title)}” is on sale. Your buyers are being told.`),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'file refused': (mail, { botUrl }) => ({
      subject: `File refused: ${title(mail.title)}`,
      pieces: [
        say(`The file of “${title(mail.title)}” did not pass the checks: ${refusals().file[mail.reason]}`),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'product deleted': (mail, { botUrl }) => ({
      subject: `Product deleted: ${title(mail.title)}`,
      pieces: [
        say(
          mail.deletion === 'hidden'
            ? `“${title(mail.title)}” cannot be seen any more. Its buyers keep their file, and open orders are honoured.`
            : `“${title(mail.title)}” is deleted, with its files and pictures.`,
        ),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
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
    alert: ({ kind, text, ref }) => ({
      subject: `Alert: ${kind}`,
      pieces: [say(cut(text, 2000)), ...(ref === '' ? [] : [facts(['Reference', ref])])],
      footer: adminFooter,
    }),
  }
  return { letter }
}
