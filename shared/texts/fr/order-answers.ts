import { leastReturnedCents } from '../../domain/excess.ts'
import { cents, type Cents } from '../../domain/money.ts'
import { symbolOf } from '../../domain/coin.ts'
import { type OrderStatus } from '../../domain/order.ts'
import { bold, code, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { type ExcessFacts, type ReceiptFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { title } from '../people.ts'
import { statusSigns } from '../status-signs.ts'
import { usualTime } from './order.ts'

const statuses: Readonly<Record<OrderStatus, string>> = {
  creating: 'en préparation',
  awaiting_payment: 'à payer',
  confirming: 'en confirmation',
  underpaid: 'incomplète',
  review: 'en vérification',
  paid: 'payée',
  delivered: 'livrée',
  expired: 'expirée',
  cancelled: 'annulée',
  failed: 'échouée',
  refunded: 'remboursée',
}

/** Buttons of the order message, answers to them, the short replies that make a sound, and the list of orders. */
export const orderAnswers = (format: Format) => ({
  copyAmount: label`📋 Copier le montant`,
  copyAddress: label`📋 Copier l’adresse`,
  copyMemo: label`📋 Copier le mémo`,
  refresh: label`🔄 Actualiser`,
  changeCoin: label`Changer de monnaie`,
  cancel: label`Annuler`,
  cancelNow: label`Oui, annuler`,
  keep: label`Non, la garder`,
  help: label`💬 Aide`,
  payRest: (missing: Cents): string => label`Payer le reste · ${format.money(missing)}`,
  askRefund: label`Être remboursé`,
  askDifference: label`Demander la différence`,
  startAgain: label`🔁 Recommencer`,
  retry: label`🔁 Réessayer`,
  otherCoins: label`Autres monnaies`,

  nothingSeen: (coin: string | null): string =>
    label`Rien de visible pour l’instant : après l’envoi, ${usualTime(coin)}.`,
  checkedJustNow: label`C’est vérifié à l’instant. Réessayez dans quelques secondes.`,
  stateNow: (status: OrderStatus): string => label`Commande ${statuses[status]}.`,
  unreachable: label`Nous ne pouvons pas vérifier à l’instant. Votre argent est en sécurité : nous continuons d’essayer.`,
  notFound: label`Commande introuvable.`,
  cancelled: label`Commande annulée. N’envoyez rien à présent ; si c’est déjà fait, nous le retrouverons.`,
  tooLateToCancel: label`Trop tard pour annuler : un paiement a été repéré, ou la commande est close.`,
  tooLateToChange: label`Trop tard pour changer : un paiement a été repéré, ou la commande est close.`,
  kept: label`La commande reste ouverte.`,
  shownAlready: label`L’adresse pour cette monnaie est déjà affichée.`,
  beingAsked: label`Nous demandons l’adresse de paiement, encore un instant…`,
  refundAsked: label`C’est noté : une personne vous répond sous 48 h.`,
  movedDown: phrase`Cette commande continue plus bas dans la conversation.`,

  told: {
    underpaid: (orderCode: string): Html =>
      phrase`⚠️ Commande ${code(orderCode)} : il manque une partie du paiement. Voyez ci-dessus comment la compléter.`,
    review: (orderCode: string): Html =>
      phrase`🔎 Commande ${code(orderCode)} : une personne vérifie votre paiement sous 48 h. Vous recevrez le fichier ou votre argent.`,
    failed: (orderCode: string): Html =>
      phrase`❌ Commande ${code(orderCode)} : le paiement n’a pas abouti. Les détails sont ci-dessus.`,
    refunded: (orderCode: string): Html => phrase`↩️ Commande ${code(orderCode)} : vous avez été remboursé.`,
    late: (orderCode: string): Html =>
      phrase`🎉 Votre paiement tardif est bien arrivé, merci ! Nous l’avons honoré : le fichier de la commande ${code(orderCode)} est à vous.`,
    paidTwice: (orderCode: string): Html =>
      phrase`Vous avez payé deux fois la commande ${code(orderCode)}. Nous vous devons l’un des deux paiements : le remboursement est ouvert, une personne vous répond sous 48 h.`,
    moreCame: (orderCode: string): Html =>
      phrase`🔎 Un autre paiement est arrivé pour la commande ${code(orderCode)}, déjà payée. Une personne l’examine et vous répond sous 48 h ; votre fichier reste à vous.`,
  },
  receipt: ({ title: product, code: orderCode, price, fee, total, paidAt, coins, isDelivered }: ReceiptFacts): Html =>
    paragraphs(
      phrase`🧾 <b>Payée, merci !</b> Voici votre reçu.`,
      lines(
        bold(title(product)),
        phrase`Prix : ${format.money(price)}`,
        phrase`Frais de la plateforme : ${format.money(fee)}`,
        phrase`Total : ${bold(format.money(total))}`,
      ),
      lines(
        coins.length === 0 ? undefined : phrase`Payé en ${escape(coins.map(symbolOf).join(' + '))}`,
        format.moment(paidAt),
        phrase`Commande ${code(orderCode)}`,
      ),
      isDelivered ? undefined : phrase`Votre fichier arrive.`,
    ),
  overpaid: (orderCode: string, { coin, amount, cents: worth, isReturned }: ExcessFacts): Html =>
    lines(
      phrase`💶 Commande ${code(orderCode)} : vous avez envoyé ${bold(escape(`${amount} ${symbolOf(coin)}`))} de plus que nécessaire (environ ${format.money(worth)}).`,
      isReturned
        ? phrase`Touchez le bouton pour demander la différence : une personne vous répond sous 48 h.`
        : phrase`C’est noté. En dessous de ${format.money(cents(leastReturnedCents))}, les frais du réseau mangeraient le renvoi ; une question ? /paysupport`,
    ),

  list: (count: number): Html =>
    lines(
      phrase`🧾 <b>Mes commandes</b> · ${format.count(count)}`,
      phrase`Touchez une commande pour la rouvrir en bas de la conversation.`,
    ),
  noOrders: phrase`🧾 Vous n’avez pas encore de commande. Un tour dans les rayons : /buy`,
  line: (product: string, total: Cents, status: OrderStatus): string =>
    label`${statusSigns[status]} ${product} · ${format.money(total)}`,
  entry: (product: string, orderCode: string, total: Cents, status: OrderStatus, at: Date): Html =>
    lines(
      phrase`<b>${title(product)}</b> · ${format.money(total)}`,
      phrase`${escape(`${statusSigns[status]} ${statuses[status]}`)} · ${format.date(at)} · ${code(orderCode)}`,
    ),
})

export type OrderAnswerTexts = ReturnType<typeof orderAnswers>
