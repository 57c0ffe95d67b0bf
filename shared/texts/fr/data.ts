import { bold, escape, type Html, paragraphs } from '../../telegram/html.ts'
import { label, phrase } from '../french.ts'

/** What a person may set about their own data. */
export const data = () => ({
  card: (address: string | null, hasMail: boolean): Html =>
    paragraphs(
      bold(phrase`🗂 Vos données`),
      phrase`Telegram dit qui vous êtes : il n’y a ni mot de passe, ni compte à part.`,
      address === null
        ? phrase`Reçus par e-mail : aucun.`
        : phrase`Reçus par e-mail : un à chaque achat, à ${escape(address)}.`,
      hasMail ? undefined : phrase`Cette boutique ne peut pas envoyer d’e-mails pour le moment.`,
    ),
  add: label`✉️ Recevoir mes reçus par e-mail`,
  change: label`✉️ Changer d’adresse`,
  stop: label`Ne plus les recevoir`,
  stopped: label`Vous ne recevrez plus de reçus par e-mail.`,
  kept: label`Vos reçus iront à cette adresse.`,
  noMail: label`Cette boutique ne peut pas envoyer d’e-mails pour le moment.`,
  askAddress: phrase`À quelle adresse e-mail voulez-vous vos reçus ? Personne d’autre ne la voit, vendeurs compris.`,
})

export type DataTexts = ReturnType<typeof data>
