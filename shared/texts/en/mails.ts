import { type CodePurpose } from '../../domain/mail.ts'
import { code, facts, link, say } from '../../mail/letter.ts'
import { cut } from '../../telegram/text-length.ts'
import { type LetterOf, type MailTexts } from '../fr/mails.ts'
import { type Format } from '../format.ts'
import { alarms } from './alarms.ts'
import { alerts } from './alerts.ts'
import { open, sellerFooter } from './mail-words.ts'
import { moderationLetters } from './moderation-mails.ts'
import { moneyLetters } from './money-mails.ts'
import { refusals } from './refusals.ts'

const codeFooter = 'If you did not ask for this, ignore this e-mail: without the code nothing changes.'
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
  const title = (text: string): string => cut(text, 100)
  const letter: LetterOf = {
    ...moneyLetters(format),
    ...moderationLetters(format),
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
    alert: ({ kind, text, ref, alert }) => ({
      subject: `Alert: ${alerts(format).title(kind)}`,
      pieces: [
        say(cut(alert === undefined ? (text ?? kind) : alerts(format).says(alert, ref), 2000)),
        ...(ref === '' ? [] : [facts(['Reference', ref])]),
      ],
      footer: adminFooter,
    }),
    alarm: ({ isOver, ...alarm }) => ({
      subject: isOver
        ? `Alarm over: ${title(alarms(format).says(alarm))}`
        : `Alarm: ${title(alarms(format).says(alarm))}`,
      pieces: [
        say(alarms(format).says(alarm)),
        ...(isOver ? [say('It is over.')] : alarm.detail === '' ? [] : [say(cut(alarm.detail, 2000))]),
      ],
      footer: adminFooter,
    }),
  }
  return { letter }
}
