import { type CodePurpose, type Mail, type MailTemplate } from '../../domain/mail.ts'
import { code, facts, type Letter, link, say } from '../../mail/letter.ts'
import { cut } from '../../telegram/text-length.ts'
import { type Format } from '../format.ts'
import { label } from '../french.ts'
import { alarms } from './alarms.ts'
import { alerts } from './alerts.ts'
import { open, sellerFooter } from './mail-words.ts'
import { moderationLetters } from './moderation-mails.ts'
import { moneyLetters } from './money-mails.ts'
import { refusals } from './refusals.ts'

/** What a letter may point at: our bot, and for the mail with a code the code. */
export type LetterContext = { readonly botUrl: string; readonly code: string }

export type LetterOf = {
  readonly [Template in MailTemplate]: (mail: Extract<Mail, { template: Template }>, context: LetterContext) => Letter
}

const codeFooter = label`Si vous n’avez rien demandé, ignorez cet e-mail : sans le code, rien ne change.`
const adminFooter = label`Vous recevez cet e-mail parce que votre adresse est ADMIN_EMAIL.`

const purposes: Readonly<Record<CodePurpose, (about: string) => string>> = {
  'open shop': () => label`Voici le code pour ouvrir votre boutique.`,
  'new email': () => label`Voici le code pour confirmer cette nouvelle adresse e-mail.`,
  'change email': (about) => label`Voici le code pour remplacer votre adresse e-mail par ${about}.`,
  'change address': (about) => label`Voici le code pour recevoir vos versements à cette adresse Solana : ${about}`,
  verify: () => label`Voici le code pour confirmer votre adresse e-mail.`,
  receipts: () => label`Voici le code pour recevoir vos reçus à cette adresse.`,
}

const notMe = label`Si ce n’est pas vous, ouvrez Comptoir et appuyez tout de suite sur « Ce n’est pas moi » dans le message reçu : vos versements seront bloqués.`

/** Every mail, in French. Values are plain text: only the layout makes markup. */
export const mails = (format: Format) => {
  const title = (text: string): string => cut(text, 100)
  const letter: LetterOf = {
    ...moneyLetters(format),
    ...moderationLetters(format),
    code: ({ purpose, about }, { code: digits }) => ({
      subject: label`Votre code Comptoir`,
      pieces: [
        say(purposes[purpose](about)),
        code(digits),
        say(label`Il est valable 15 minutes. Écrivez-le au bot, et à personne d’autre.`),
      ],
      footer: codeFooter,
    }),
    welcome: ({ shop }, { botUrl }) => ({
      subject: label`Votre boutique est ouverte`,
      pieces: [
        say(label`Bienvenue ! La boutique ${shop} est ouverte.`),
        say(
          label`Pour commencer : créez un produit avec /sell, envoyez son fichier, et partagez le lien de la boutique. Vous touchez 100 % de votre prix, versé en USDT sur Solana.`,
        ),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'email changed': ({ email, isOld }, { botUrl }) => ({
      subject: label`Votre adresse e-mail a changé`,
      pieces: [
        say(
          isOld
            ? label`L’adresse e-mail de votre boutique n’est plus celle-ci. La nouvelle est :`
            : label`L’adresse e-mail de votre boutique est maintenant :`,
        ),
        code(email),
        say(notMe),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'address changed': ({ address, heldUntil }, { botUrl }) => ({
      subject: label`Votre adresse de versement a changé`,
      pieces: [
        say(label`Vos ventes seront versées à cette adresse Solana :`),
        code(address),
        say(label`Par sécurité, vos versements attendent jusqu’au ${format.moment(new Date(heldUntil))}.`),
        say(notMe),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'first product': (mail, { botUrl }) => ({
      subject: label`Votre premier produit est en vente`,
      pieces: [
        say(label`Bravo ! « ${title(mail.title)} » est en vente, et c’est votre premier produit.`),
        say(label`Partagez le lien de votre boutique : il est dans /sell.`),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'product on sale': (mail, { botUrl }) => ({
      subject: label`En vente : ${title(mail.title)}`,
      pieces: [say(label`Votre produit « ${title(mail.title)} » est en vente.`), link(open, botUrl)],
      footer: sellerFooter,
    }),
    'version on sale': (mail, { botUrl }) => ({
      subject: label`Nouvelle version en vente : ${title(mail.title)}`,
      pieces: [
        say(label`La version ${mail.number} de « ${title(mail.title)} » est en vente. Vos acheteurs sont prévenus.`),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'file refused': (mail, { botUrl }) => ({
      subject: label`Fichier refusé : ${title(mail.title)}`,
      pieces: [
        say(label`Le fichier de « ${title(mail.title)} » n’a pas passé le contrôle : ${refusals().file[mail.reason]}`),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'product deleted': (mail, { botUrl }) => ({
      subject: label`Produit supprimé : ${title(mail.title)}`,
      pieces: [
        say(
          mail.deletion === 'hidden'
            ? label`« ${title(mail.title)} » n’est plus visible. Ses acheteurs gardent leur fichier, et les commandes ouvertes sont honorées.`
            : label`« ${title(mail.title)} » est supprimé, avec ses fichiers et ses images.`,
        ),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    alert: ({ kind, text, ref, alert }) => ({
      subject: label`Alerte : ${alerts(format).title(kind)}`,
      pieces: [
        say(cut(alert === undefined ? (text ?? kind) : alerts(format).says(alert, ref), 2000)),
        ...(ref === '' ? [] : [facts([label`Référence`, ref])]),
      ],
      footer: adminFooter,
    }),
    alarm: ({ isOver, ...alarm }) => ({
      subject: isOver
        ? label`Alarme terminée : ${title(alarms(format).says(alarm))}`
        : label`Alarme : ${title(alarms(format).says(alarm))}`,
      pieces: [
        say(alarms(format).says(alarm)),
        ...(isOver ? [say(label`C’est terminé.`)] : alarm.detail === '' ? [] : [say(cut(alarm.detail, 2000))]),
      ],
      footer: adminFooter,
    }),
  }
  return { letter }
}

export type MailTexts = ReturnType<typeof mails>
