import { link, say } from '../../mail/letter.ts'
import { cut } from '../../telegram/text-length.ts'
import { type Format } from '../format.ts'
import { label } from '../french.ts'
import { open, sellerFooter as footer } from './mail-words.ts'
import { type LetterOf } from './mails.ts'
import { reasonIn } from './moderation-reasons.ts'

export type ModerationTemplate =
  'product moderated' | 'product restored' | 'person suspended' | 'person restored' | 'appeal refused'

const takenBack = label` Il est aussi repris à ceux qui l’ont acheté : chaque commande remboursée annule votre part.`
const appeal = label`Pour contester, ouvrez Comptoir : le bouton est sous le message reçu.`

/** The mails about what the team decided, in French. */
export const moderationLetters = (format: Format): Pick<LetterOf, ModerationTemplate> => {
  const ends = (until: string | null): string =>
    until === null ? '' : label` jusqu’au ${format.date(new Date(until))}`
  const why = (reason: string) => say(label`Motif : ${cut(reasonIn(reason), 500)}`)
  return {
    'product moderated': ({ title, isBanned, isWithdrawn, reason, until }, { botUrl }) => ({
      subject: isBanned ? label`Produit retiré : ${cut(title, 100)}` : label`Produit suspendu : ${cut(title, 100)}`,
      pieces: [
        say(
          isBanned
            ? label`« ${cut(title, 100)} » est retiré de la vente, définitivement.${isWithdrawn === true ? takenBack : ''}`
            : label`« ${cut(title, 100)} » est suspendu${ends(until)} : il n’est plus visible. Vos acheteurs gardent leur fichier.`,
        ),
        why(reason),
        say(appeal),
        link(open, botUrl),
      ],
      footer,
    }),
    'product restored': ({ title }, { botUrl }) => ({
      subject: label`Produit rétabli : ${cut(title, 100)}`,
      pieces: [
        say(label`« ${cut(title, 100)} » n’est plus suspendu : il est visible s’il est en vente.`),
        link(open, botUrl),
      ],
      footer,
    }),
    'person suspended': ({ reason, until }, { botUrl }) => ({
      subject: label`Votre compte est suspendu`,
      pieces: [
        say(
          label`Votre compte est suspendu${ends(until)} : vous ne pouvez ni acheter ni vendre. Ce que vous avez acheté reste à vous, et ce qui vous est dû aussi.`,
        ),
        why(reason),
        say(appeal),
        link(open, botUrl),
      ],
      footer,
    }),
    'appeal refused': ({ title, reason }, { botUrl }) => ({
      subject: label`Votre contestation n’est pas retenue`,
      pieces: [
        say(
          title === null
            ? label`Votre contestation a été lue : votre compte reste suspendu.`
            : label`Votre contestation a été lue : la décision sur « ${cut(title, 100)} » est maintenue.`,
        ),
        say(label`Raison : ${cut(reason, 300)}`),
        link(open, botUrl),
      ],
      footer,
    }),
    'person restored': (_, { botUrl }) => ({
      subject: label`Votre compte est rétabli`,
      pieces: [say(label`Votre compte n’est plus suspendu. Heureux de vous revoir !`), link(open, botUrl)],
      footer,
    }),
  }
}
