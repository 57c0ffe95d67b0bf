import { bold, escape, type Html, html as phrase, paragraphs } from '../../telegram/html.ts'
import { type DataTexts } from '../fr/data.ts'

export const data = (): DataTexts => ({
  card: (address: string | null, hasMail: boolean): Html =>
    paragraphs(
      bold(phrase`🗂 Your data`),
      phrase`Telegram says who you are: there is no password, and no account besides.`,
      address === null
        ? phrase`Receipts by e-mail: none.`
        : phrase`Receipts by e-mail: one for each purchase, to ${escape(address)}.`,
      hasMail ? undefined : phrase`This shop cannot send e-mails at the moment.`,
    ),
  add: '✉️ Get my receipts by e-mail',
  change: '✉️ Change the address',
  stop: 'Get them no more',
  stopped: 'You get no more receipts by e-mail.',
  kept: 'Your receipts go to this address.',
  noMail: 'This shop cannot send e-mails at the moment.',
  askAddress: phrase`At which e-mail address would you like your receipts? Nobody else sees it, sellers included.`,
})
