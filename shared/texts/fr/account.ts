import { type AddressFault } from '../../domain/solana-address.ts'
import { type EmailFault, longestEmail } from '../../domain/email.ts'
import { bold, code, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { type Format } from '../format.ts'
import { reasonIn } from './moderation-reasons.ts'
import { label, phrase } from '../french.ts'
import { saying } from '../people.ts'

function addressFault(fault: AddressFault): Html {
  switch (fault.kind) {
    case 'empty':
      return phrase`Il n’y a pas d’adresse dans ce message.`
    case 'several words':
      return phrase`Une adresse s’écrit d’un seul tenant, sans espace. Envoyez-la seule.`
    case 'secret':
      return phrase`Attention : cela ressemble à la clé secrète ou à la phrase de récupération d’un portefeuille. Supprimez ce message, mettez vos fonds à l’abri, et n’envoyez que l’adresse publique. Rien n’a été gardé.`
    case 'ethereum':
      return phrase`C’est une adresse Ethereum. Il faut une adresse Solana, qui ne commence pas par 0x.`
    case 'bitcoin':
      return phrase`C’est une adresse Bitcoin. Il faut une adresse Solana.`
    case 'tron':
      return phrase`C’est une adresse Tron (TRC-20). Il faut une adresse Solana : l’USDT envoyé ailleurs serait perdu.`
    case 'program':
      return phrase`C’est l’adresse d’un programme ou d’un jeton, pas d’un portefeuille : l’argent y serait perdu.`
    case 'look-alike':
      return phrase`Le signe « ${code(fault.sign)} » n’existe pas dans une adresse Solana : elle ne contient ni 0 (zéro), ni O, ni I, ni l. Copiez l’adresse plutôt que de la recopier.`
    case 'sign':
      return phrase`Le signe « ${code(fault.sign)} » n’existe pas dans une adresse Solana. Copiez l’adresse entière depuis votre portefeuille.`
    case 'wrong size':
      return phrase`Cette adresse contient ${fault.bytes} octets, une adresse Solana en a exactement 32 : il en manque ou il y en a de trop.`
    case 'too long':
      return phrase`C’est trop long pour une adresse : ${fault.length} caractères, 44 au plus.`
  }
}

function emailFault(fault: EmailFault): Html {
  switch (fault.kind) {
    case 'empty':
      return phrase`Il n’y a pas d’adresse e-mail dans ce message.`
    case 'too long':
      return phrase`C’est trop long : ${fault.length} caractères, ${longestEmail} au plus.`
    case 'several words':
      return phrase`Une adresse e-mail s’écrit sans espace. Envoyez-la seule.`
    case 'no at':
      return phrase`Il manque le signe @. Une adresse e-mail ressemble à nom@exemple.fr.`
    case 'several ats':
      return phrase`Il y a plus d’un signe @. Envoyez une seule adresse e-mail.`
    case 'name':
      return phrase`Ce qui précède le @ n’est pas valable. Vérifiez l’adresse.`
    case 'domain':
      return phrase`Ce qui suit le @ n’est pas valable : il faut un nom comme exemple.fr.`
  }
}

/** Opening a seller account, and its e-mail and Solana addresses wherever they are asked for. */
export const account = (format: Format) => ({
  emailFault,
  addressFault,
  askEmail: phrase`Quelle est votre adresse e-mail ? Elle nous sert à vous joindre ; vos acheteurs ne la voient jamais.`,
  emailTaken: phrase`Cette adresse e-mail est déjà utilisée. Donnez-en une autre.`,
  emailTakenMeanwhile: phrase`Cette adresse e-mail vient d’être prise. Revenez à la première étape et donnez-en une autre.`,
  askCode: (email: string, at: Date): Html =>
    paragraphs(
      phrase`Un code à 6 chiffres part vers ${escape(email)} (demandé à ${format.time(at)}). Écrivez-le ici.`,
      phrase`Il est valable 15 minutes. Rien reçu ? Regardez dans les indésirables, ou vérifiez l’adresse.`,
    ),
  noCode: phrase`Aucun code ne peut arriver : cette boutique ne peut plus envoyer d’e-mails. Revenez d’une étape : cela continue sans code.`,
  anotherCode: label`Envoyer un autre code`,
  codeRule: phrase`Le code a 6 chiffres : il est dans l’e-mail que nous vous avons envoyé.`,
  wrongCode: (left: number): Html =>
    left === 1
      ? phrase`Ce n’est pas le bon code. Il reste un essai.`
      : phrase`Ce n’est pas le bon code. Il reste ${left} essais.`,
  codeOver: phrase`Ce code ne sert plus : il a été essayé trop souvent, ou il est trop ancien. Demandez-en un autre.`,
  tooManyCodes: (again: Date): Html =>
    phrase`Trop de codes ont été demandés. Vous pourrez en demander un autre à ${format.time(again)}.`,
  verifyEmail: label`✉️ Confirmer mon e-mail`,
  sendCode: label`Envoyer le code`,
  askToVerify: (email: string): Html =>
    phrase`Nous envoyons un code à ${escape(email)}. Une adresse confirmée reçoit vos e-mails, et protège vos versements : on ne les change plus sans elle.`,
  verified: label`Votre adresse e-mail est confirmée.`,
  askAddress: paragraphs(
    phrase`Quelle est l’adresse Solana de votre portefeuille ? Vos ventes y sont versées en USDT.`,
    phrase`Collez l’adresse publique, ou le texte de son code QR. Jamais de clé secrète ni de phrase de récupération.`,
  ),
  later: label`Plus tard`,
  confirmAddress: (address: string): Html =>
    lines(
      phrase`Est-ce bien votre adresse, signe pour signe ?`,
      code(address),
      phrase`Un versement envoyé à une mauvaise adresse ne se rattrape pas.`,
    ),
  isMine: label`Oui, c’est la mienne`,
  unusualAddress: (address: string): Html =>
    paragraphs(
      phrase`${bold(phrase`Ce n’est pas un portefeuille ordinaire.`)} Cette adresse appartient à un programme : un compte de jetons, un coffre ou un contrat. Vérifiez que vous pouvez vraiment y recevoir des USDT.`,
      code(address),
    ),
  useAnyway: label`Je comprends, l’utiliser quand même`,
  sellerTerms: (email: string, address: string | null): Html =>
    paragraphs(
      lines(
        phrase`E-mail : ${escape(email)}`,
        address === null ? phrase`Adresse Solana : plus tard` : phrase`Adresse Solana : ${code(address)}`,
      ),
      phrase`En ouvrant votre boutique, vous acceptez :`,
      lines(
        phrase`• de ne vendre que ce que vous avez le droit de vendre ;`,
        phrase`• de toucher 100 % de votre prix, versé en USDT sur Solana après 24 h de garde ;`,
        phrase`• qu’une vente soit remboursée quand le fichier est défectueux, trompeur ou illégal.`,
      ),
      phrase`Toutes les conditions sont dans /terms.`,
    ),
  accept: label`J’accepte, ouvrir ma boutique`,
  openedNow: label`Votre boutique est ouverte. Bienvenue !`,
  openAlready: label`Votre boutique est déjà ouverte.`,
  suspended: (until: Date | null, reason: string | null): Html =>
    paragraphs(
      until === null
        ? phrase`Votre compte est suspendu : vous ne pouvez pas vendre.`
        : phrase`Votre compte est suspendu jusqu’au ${format.date(until)} : vous ne pouvez pas vendre.`,
      reason === null ? undefined : phrase`Motif : ${saying(reasonIn(reason))}`,
      phrase`Pour contester, écrivez à /support. Votre bibliothèque reste accessible.`,
    ),
})

export type AccountTexts = ReturnType<typeof account>
