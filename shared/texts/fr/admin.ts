import { bold, code, dotted, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption, asMessage, cut } from '../../telegram/text-length.ts'
import { type AdminHomeFacts, type DeadLetterFacts, type TimelineFacts, type TimelineLine } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { name, saying, title } from '../people.ts'
import { stamp } from '../stamp.ts'
import { statusSigns } from '../status-signs.ts'

const kinds: Readonly<Record<string, string>> = {
  delivery: 'Livraisons',
  'telegram update': 'Messages reçus',
  'media-media-missing': 'Images',
  'e-mail': 'E-mails',
  'bot-mail-send': 'E-mails à envoyer',
  'bot-admin-alert': 'Alertes',
  'bot-order-changed': 'Messages de commande',
  'bot-payment-confirmed': 'Avis de vente',
  'delivery-payment-confirmed': 'Livraisons à préparer',
  'delivery-delivery-requested': 'Livraisons demandées',
}

const happened: Readonly<Record<string, string>> = {
  ordered: 'Commande passée',
  payment: 'Paiement',
  created: 'Adresse obtenue',
  notified: 'Notification',
  read: 'Relecture',
  decided: 'Décision',
  seen: 'Vu sur le réseau',
  paid: 'Payée',
  booked: 'Écriture',
  queued: 'Livraison',
  tried: 'Essai de livraison',
  downloaded: 'Téléchargement',
  delivered: 'Livrée',
  case: 'Cas',
  refund: 'Remboursement',
  ended: 'Fin',
  'dead letter': 'En souffrance',
  settled: 'Réglé',
  'done by': 'Administrateur',
}

/** What administrators see. */
export const admin = (format: Format) => {
  const kind = (of: string): string => kinds[of] ?? of
  const line = ({ at, kind: what, detail }: TimelineLine): Html =>
    dotted(code(stamp(at)), escape(happened[what] ?? what), escape(cut(detail, 60)))

  return {
    home: (facts: AdminHomeFacts): Html =>
      paragraphs(
        phrase`🛠 <b>Administration</b>`,
        lines(
          phrase`En souffrance : ${facts.deadLetters}`,
          phrase`Commandes en vérification : ${facts.inReview}`,
          phrase`Cas ouverts : ${facts.openCases}`,
          phrase`Remboursements à envoyer : ${facts.openRefunds}`,
          phrase`Livraisons qui attendent un acheteur parti : ${facts.blocked}`,
          phrase`Plus ancien événement non envoyé : ${facts.oldestUnsentSeconds} s`,
        ),
        phrase`Une commande, un produit ou une boutique : ${code('/admin CODE')}. Une personne : ${code('/admin @nom')} ou son numéro. Un paiement : son numéro chez NOWPayments.`,
      ),
    alert: (what: string, text: string, ref: string, held: number): Html =>
      asMessage(
        lines(
          phrase`🔔 ${bold(escape(what))}`,
          escape(text),
          ref === '' ? undefined : code(ref),
          held === 0 ? undefined : phrase`… et ${held} de plus de cette sorte depuis un quart d’heure`,
        ),
      ),
    open: label`🛠 Administration`,
    refresh: label`🔄 Actualiser`,
    back: label`‹ Administration`,
    kind,
    kindCount: (of: string, count: number): string => label`${kind(of)} · ${count}`,
    letters: (of: string, count: number, shown: readonly DeadLetterFacts[]): Html =>
      asCaption(
        paragraphs(
          phrase`📮 ${bold(escape(kind(of)))} · ${count}`,
          ...shown.map(({ position, ref, reason, at }) =>
            lines(
              dotted(phrase`${position}.`, code(stamp(at)), code(cut(ref, 24))),
              escape(cut(reason.replaceAll(/\s+/g, ' '), 40)),
            ),
          ),
        ),
      ),
    noLetters: phrase`✅ Rien n’est en souffrance ici.`,
    letter: (
      { kind: of, ref, reason, at }: DeadLetterFacts & { readonly kind: string },
      orderCode: string | null,
    ): Html =>
      asCaption(
        paragraphs(
          phrase`📮 ${bold(escape(kind(of)))}`,
          lines(
            phrase`Depuis : ${format.moment(at)}`,
            phrase`Objet : ${code(cut(ref, 60))}`,
            orderCode === null ? undefined : phrase`Commande ${code(orderCode)}`,
          ),
          phrase`Raison : ${saying(reason)}`,
        ),
      ),
    sendAgain: label`🔁 Renvoyer`,
    sendAllAgain: (count: number): string => label`🔁 Tout renvoyer (${count})`,
    asLink: label`🔗 Donner un lien`,
    discard: label`🗑 Écarter`,
    order: label`🧾 Commande`,
    whyDiscard: phrase`🗑 Pourquoi écarter cet élément ? Rien ne sera renvoyé.`,
    reasons: {
      settled: label`Déjà réglé autrement`,
      obsolete: label`N’a plus d’objet`,
      mistake: label`Essai ou erreur`,
    },
    sentAgain: label`C’est reparti.`,
    nothingLeft: label`Plus rien à faire ici : c’est réglé.`,
    sentMany: (sent: number, left: number): string => label`Renvoyés : ${sent}. Restent : ${left}.`,
    discarded: label`Écarté.`,
    settledAlready: label`Déjà réglé.`,
    cannotBeSent: label`Cet élément ne peut pas être renvoyé : écartez-le.`,
    notFound: phrase`Aucune commande, aucun produit et aucune boutique ne porte ce code, ni aucun paiement ou aucune personne ce numéro ou ce nom.`,
    timeline: (of: TimelineFacts, page: number, pages: number, shown: readonly TimelineLine[]): Html =>
      asCaption(
        paragraphs(
          lines(
            phrase`🧾 ${code(of.code)} · ${bold(title(of.title))}`,
            dotted(phrase`${escape(statusSigns[of.status])} ${escape(of.status)}`, format.money(of.total)),
            phrase`Acheteur ${code(String(of.buyerId))} · vendeur ${name(of.sellerName)}`,
          ),
          lines(...shown.map(line)),
          pages > 1 ? phrase`Page ${page} sur ${pages}` : undefined,
        ),
      ),
    happened: (what: string): string => happened[what] ?? what,
    export: label`📄 Tout en un fichier`,
    exported: label`Le fichier est au bas de la conversation.`,
    openLetters: label`📮 En souffrance`,
  }
}

export type AdminTexts = ReturnType<typeof admin>
