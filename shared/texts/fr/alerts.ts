import { type Alert, type AlertKind, type AlertName, type AlertOf } from '../../domain/alert.ts'
import { symbolOf } from '../../domain/coin.ts'
import { cut } from '../../telegram/text-length.ts'
import { type Format } from '../format.ts'
import { label } from '../french.ts'
import { kindOfCase } from './case-kinds.ts'
import { invariants } from './invariants.ts'

type Sentences = { readonly [Name in AlertName]: (facts: AlertOf<Name>, ref: string) => string }

const titles: Readonly<Record<AlertKind, string>> = {
  case: label`Cas à trancher`,
  payments: label`Paiements`,
  refund: label`Remboursement par NOWPayments`,
  reconciliation: label`Rapprochement`,
  'refund asked': label`Remboursement demandé`,
  'difference asked': label`Trop-perçu réclamé`,
  'refund address': label`Adresse de remboursement`,
  'coins.none': label`Aucune monnaie possible`,
  'provider.refused': label`Paiements refusés`,
  'provider.mismatch': label`Paiement inattendu`,
  delivery: label`Livraison`,
  'buyer blocked': label`Acheteur injoignable`,
  integrity: label`Fichiers`,
  invariants: label`Ce qui ne doit jamais être`,
  media: label`Images`,
  disk: label`Disque plein`,
  file: label`Fichier à regarder`,
  'mail server': label`Serveur d’e-mail`,
  'dead letter': label`Envoi en souffrance`,
  'telegram update': label`Message non traité`,
  'payouts frozen': label`Versements bloqués`,
  appeal: label`Contestation`,
  restored: label`Base restaurée`,
}

const isKind = (kind: string): kind is AlertKind => Object.hasOwn(titles, kind)

/** What administrators are alerted of, as plain text: it goes to chats and to mails. */
export const alerts = (format: Format) => {
  const sentences: Sentences = {
    case: (facts, ref) => label`Commande ${ref} : ${kindOfCase(facts.case)}`,
    'unread deposit': ({ payment }, ref) =>
      label`Commande ${ref} : un second dépôt (paiement ${payment}) dont NOWPayments ne sait rien dire`,
    'unread payment': ({ payment, reason }, ref) =>
      label`Le paiement ${payment} de la commande ${ref} n’a pas pu être relu chez NOWPayments depuis 24 h (${reason})`,
    'unknown status': ({ status }, ref) =>
      label`NOWPayments dit « ${status} » d’un paiement de la commande ${ref}, et nous ne connaissons pas cet état`,
    'unknown payment': ({ order }, ref) =>
      order === ''
        ? label`NOWPayments annonce le paiement ${ref}, qui n’est d’aucune commande`
        : label`NOWPayments annonce le paiement ${ref}, qui n’est d’aucune commande (il nomme ${order})`,
    'found payment': ({ payment, order }) =>
      label`Le paiement ${payment} de la commande ${order} n’était pas dans nos livres ; il a été ajouté à sa commande`,
    'stuck notification': ({ reason }, ref) =>
      label`Rien ne peut être fait d’une notification du paiement ${ref} : ${reason}`,
    'refunded payment': ({ payment }, ref) => label`NOWPayments a rendu le paiement ${payment} de la commande ${ref}`,
    'different payment': ({ payment, difference }, ref) =>
      label`Paiement ${payment} de la commande ${ref} : ${difference}`,
    'payments not compared': ({ count }) =>
      label`${count} paiements n’ont pas pu être comparés avec NOWPayments ; ils le seront demain, ou tout de suite : npm run chore -- reconcile`,
    'refund asked': (_, ref) => label`Commande ${ref} : l’acheteur a payé trop peu et demande à être remboursé`,
    'difference asked': ({ amount, coin, cents }, ref) =>
      label`Commande ${ref} : l’acheteur a envoyé ${amount} ${symbolOf(coin)} de trop (${format.money(BigInt(cents))}) et les demande`,
    'refund address': (_, ref) => label`Commande ${ref} : l’acheteur a donné une adresse pour son remboursement`,
    'no coin': ({ cents }) => label`Aucune monnaie ne peut porter ${format.money(BigInt(cents))} en ce moment`,
    'no coin for an order': ({ status }, ref) =>
      label`Commande ${ref} (${status}) : aucune monnaie ne peut porter ce qui reste à payer`,
    'payments refused': ({ said }) => label`NOWPayments refuse de créer des paiements : ${said}`,
    'strange payment': ({ payment }, ref) =>
      label`NOWPayments a répondu à la commande ${ref} par le paiement ${payment}, qui n’est pas ce qui était demandé`,
    'missing delivery': (_, ref) => label`La commande ${ref} était payée sans livraison ; elle est en route maintenant`,
    'dead delivery': ({ reason }, ref) => label`Le fichier de la commande ${ref} ne peut pas être livré : ${reason}`,
    'failing delivery': ({ tries, reason }, ref) =>
      label`Le fichier de la commande ${ref} a échoué ${tries} fois : ${reason}`,
    'blocked buyer': (_, ref) =>
      label`Le fichier de la commande ${ref} attend depuis 24 h : son acheteur a bloqué le bot`,
    'damaged file': ({ title, effect, reason }) =>
      effect === 'withdrawn'
        ? label`L’original de « ${cut(title, 100)} » est abîmé, et le produit retiré de la vente : ${reason}`
        : label`L’original de « ${cut(title, 100)} » est abîmé ; une version plus récente est en vente : ${reason}`,
    'refused sweep': ({ orphans, checked }) =>
      label`Le ménage aurait effacé ${orphans} objets sur ${checked} et n’a rien fait : est-ce bien la base de ce stockage ?`,
    'broken invariant': ({ name, count, refs }) =>
      label`Ce qui ne doit jamais être : ${invariants(format).says(name)} (${count} : ${refs}). Aucun vendeur n’est payé avant que vous en ayez pris note.`,
    'lost picture': ({ title }) =>
      label`L’image de « ${cut(title, 100)} » est perdue, sur le disque et dans le stockage ; un dessin la remplace`,
    'full disk': ({ reason }) => label`Des fichiers attendent : ${reason}`,
    executables: () => label`L’archive d’un produit contient des programmes ; sa page le dit`,
    'mail server': ({ said }) => label`Le serveur d’e-mail nous refuse : ${said}`,
    'dead mail': ({ template, reason }) => label`L’e-mail « ${template} » est abandonné : ${reason}`,
    'dead event': ({ consumer, reason }, ref) => label`${consumer} a abandonné ${ref} : ${reason}`,
    'dead update': ({ reason }) => label`Un message reçu n’a pas pu être traité : ${reason}`,
    'payouts frozen': () =>
      label`Un vendeur dit qu’un changement de son adresse ou de son e-mail n’est pas de lui : ses versements sont bloqués.`,
    appeal: ({ on, words }) => (on === 'product' ? label`Un produit : ${words}` : label`Une personne : ${words}`),
    restored: ({ at }) =>
      label`La base a été restaurée depuis la sauvegarde du ${format.moment(new Date(at))}. Les paiements des commandes d’avant sont relus. Inconnus ici : les commandes faites depuis (voyez la liste des paiements chez NOWPayments), et les versements et remboursements envoyés depuis : comparez avec votre portefeuille. Aucun vendeur n’est payé avant que vous en ayez pris note.`,
  }

  return {
    /** Of what a quarter of an hour tells together: an older release named kinds that are not known any more. */
    title: (kind: string): string => (isKind(kind) ? titles[kind] : titleOfSubject(kind)),
    says: (alert: Alert, ref: string): string =>
      (sentences[alert.about] as (facts: Alert, ref: string) => string)(alert, ref),
  }
}

/** `appeal 12`: one of a kind that is told for each person apart. */
const titleOfSubject = (kind: string): string => {
  const [first = ''] = kind.split(' ')
  return isKind(first) ? titles[first] : cut(kind, 60)
}

export type AlertTexts = ReturnType<typeof alerts>
