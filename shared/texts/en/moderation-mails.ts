import { link, say } from '../../mail/letter.ts'
import { cut } from '../../telegram/text-length.ts'
import { type Format } from '../format.ts'
import { type LetterOf } from '../fr/mails.ts'
import { type ModerationTemplate } from '../fr/moderation-mails.ts'
import { open, sellerFooter as footer } from './mail-words.ts'
import { reasonIn } from './moderation-reasons.ts'

const takenBack = ' It is taken back from those who bought it as well: each order that is refunded cancels your share.'
const appeal = 'To appeal, open Comptoir: the button is below the message there.'

export const moderationLetters = (format: Format): Pick<LetterOf, ModerationTemplate> => {
  const ends = (until: string | null): string => (until === null ? '' : ` until ${format.date(new Date(until))}`)
  const why = (reason: string) => say(`Reason: ${cut(reasonIn(reason), 500)}`)
  return {
    'product moderated': ({ title, isBanned, isWithdrawn, reason, until }, { botUrl }) => ({
      subject: isBanned ? `Product taken off sale: ${cut(title, 100)}` : `Product suspended: ${cut(title, 100)}`,
      pieces: [
        say(
          isBanned
            ? `“${cut(title, 100)}” is taken off sale, for good.${isWithdrawn === true ? takenBack : ''}`
            : `“${cut(title, 100)}” is suspended${ends(until)}: it is not visible any more. Your buyers keep their file.`,
        ),
        why(reason),
        say(appeal),
        link(open, botUrl),
      ],
      footer,
    }),
    'product restored': ({ title }, { botUrl }) => ({
      subject: `Product restored: ${cut(title, 100)}`,
      pieces: [
        say(`“${cut(title, 100)}” is not suspended any more: it is visible if it is on sale.`),
        link(open, botUrl),
      ],
      footer,
    }),
    'person suspended': ({ reason, until }, { botUrl }) => ({
      subject: 'Your account is suspended',
      pieces: [
        say(
          `Your account is suspended${ends(until)}: you can neither buy nor sell. What you bought stays yours, and so does what you are owed.`,
        ),
        why(reason),
        say(appeal),
        link(open, botUrl),
      ],
      footer,
    }),
    'appeal refused': ({ title, reason }, { botUrl }) => ({
      subject: 'Your appeal is not granted',
      pieces: [
        say(
          title === null
            ? 'Your appeal was read: your account stays suspended.'
            : `Your appeal was read: the decision about “${cut(title, 100)}” stands.`,
        ),
        say(`Reason: ${cut(reason, 300)}`),
        link(open, botUrl),
      ],
      footer,
    }),
    'person restored': (_, { botUrl }) => ({
      subject: 'Your account is restored',
      pieces: [say('Your account is not suspended any more. Good to see you again!'), link(open, botUrl)],
      footer,
    }),
  }
}
