import { symbolOf } from '../../domain/coin.ts'
import { type Cents } from '../../domain/money.ts'
import { bold, code, dotted, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type CaseFacts, type JudgedPaymentFacts, type OpenCaseFacts, type OpenRefundFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { name, saying, title } from '../people.ts'
import { stamp } from '../stamp.ts'
import { statusSigns } from '../status-signs.ts'
import { kindOfCase } from './case-kinds.ts'

const refundKinds = {
  order: label`commande entière`,
  money: label`argent reçu`,
  excess: label`trop-perçu`,
}

const mostPayments = 4

/** What administrators read of money that waits for their decision, and of money on its way back. */
export const cases = (format: Format) => {
  const payment = (of: JudgedPaymentFacts): Html => {
    const asked = of.payAmount === null ? label`sans adresse` : `${of.payAmount} ${symbolOf(of.coin)}`
    const came = `${of.actuallyPaid} ${symbolOf(of.reportedCoin ?? of.coin)}`
    return lines(
      dotted(
        phrase`#${of.attempt} ${escape(of.status)}${of.isAccepted ? phrase` ✅` : phrase``}`,
        escape(of.providerId ?? ''),
      ),
      phrase`demandé ${escape(asked)}, reçu ${bold(escape(came))}`,
    )
  }

  return {
    casesButton: (count: number): string => `⚖️ ${label`Cas`} · ${count}`,
    refundsButton: (count: number): string => `↩️ ${label`Remboursements`} · ${count}`,
    list: (count: number, shown: readonly OpenCaseFacts[]): Html =>
      asCaption(
        paragraphs(
          phrase`⚖️ <b>Cas à décider</b> · ${count}`,
          ...shown.map((one) =>
            lines(
              dotted(phrase`${one.position}.`, bold(escape(kindOfCase(one.kind))), format.money(one.total)),
              dotted(
                code(one.orderCode),
                phrase`${escape(statusSigns[one.status])} ${escape(one.status)}`,
                code(stamp(one.openedAt)),
              ),
            ),
          ),
        ),
      ),
    none: phrase`✅ Aucun cas n’attend.`,
    card: (of: CaseFacts): Html =>
      asCaption(
        paragraphs(
          lines(
            phrase`⚖️ ${bold(escape(kindOfCase(of.kind)))}`,
            phrase`Depuis : ${format.moment(of.openedAt)}`,
            of.note === '' ? undefined : saying(of.note),
          ),
          lines(
            phrase`🧾 ${code(of.order.code)} · ${bold(title(of.order.title))}`,
            dotted(
              phrase`${escape(statusSigns[of.order.status])} ${escape(of.order.status)}`,
              format.money(of.order.total),
            ),
            phrase`Acheteur ${code(String(of.order.buyerId))} · vendeur ${name(of.order.sellerName)}`,
          ),
          ...of.payments.slice(-mostPayments).map(payment),
          of.isRefundOpen ? phrase`↩️ Un remboursement est en cours.` : undefined,
        ),
      ),
    settledAlready: label`Déjà décidé.`,
    changed: label`La commande a changé entre-temps : regardez à nouveau.`,
    owned: label`L’acheteur possède déjà ce produit : il faut rembourser.`,
    withdrawn: label`Ce produit est banni : il faut rembourser.`,
    refundOpen: label`Un remboursement de cette commande est déjà en cours.`,
    nothingCame: label`Aucun paiement n’a été fait pour cette commande.`,
    accept: label`✅ Accepter`,
    refund: label`↩️ Rembourser`,
    close: label`🗂 Classer`,
    timeline: label`🧾 Historique`,
    toCases: label`‹ Cas`,
    askAccept: (of: CaseFacts): Html =>
      asCaption(
        paragraphs(
          phrase`<b>Accepter la commande ${code(of.order.code)} ?</b>`,
          lines(
            phrase`Total : ${format.money(of.order.total)}`,
            phrase`Compté comme reçu : ${format.money(of.received)}`,
            phrase`À la charge de la plateforme : ${bold(format.money(of.order.total - of.received))}`,
          ),
          phrase`L’acheteur reçoit le fichier, le vendeur sa part entière.`,
        ),
      ),
    acceptNow: label`Oui, accepter`,
    accepted: label`Accepté : le fichier part.`,
    closed: label`Classé.`,
    askReason: phrase`Pour quelle raison ? De 10 à 300 caractères, que l’acheteur lira.`,
    confirmReason: (reason: string): Html => paragraphs(phrase`L’acheteur lira ceci :`, escape(reason)),
    askNote: phrase`Pour quelle raison ? De 10 à 300 caractères, pour le journal : l’acheteur n’attend rien et n’en saura rien.`,
    confirmNote: (reason: string): Html =>
      paragraphs(phrase`Le dossier est classé sans que l’acheteur en sache rien :`, escape(reason)),
    confirm: label`Oui, confirmer`,
    askCents: (orderCode: string): Html => phrase`Combien rendre pour la commande ${code(orderCode)}, en dollars ?`,
    proposed: (cents: Cents): string => label`Rendre ${format.money(cents)}`,
    notCents: phrase`J’attends un montant en dollars, par exemple 12.50, au plus 100000.`,
    askOpen: (orderCode: string, cents: Cents, kind: 'order' | 'money' | 'excess'): Html =>
      paragraphs(
        phrase`<b>Rembourser ${format.money(cents)} pour la commande ${code(orderCode)} ?</b>`,
        kind === 'order'
          ? phrase`Quand l’envoi sera noté, l’acheteur perd l’accès au fichier et le vendeur sa part.`
          : undefined,
        phrase`L’acheteur est d’abord invité à donner une adresse.`,
      ),
    opened: label`Ouvert : l’acheteur est invité à donner une adresse.`,
    refunds: (count: number, first: number, shown: readonly OpenRefundFacts[]): Html =>
      asCaption(
        paragraphs(
          phrase`↩️ <b>Remboursements à envoyer</b> · ${count}`,
          ...shown.map((one, index) =>
            dotted(
              phrase`${first + index}.`,
              code(one.orderCode),
              format.money(one.cents),
              one.address === null ? phrase`adresse attendue` : escape(symbolOf(one.asset ?? '')),
            ),
          ),
        ),
      ),
    noRefunds: phrase`✅ Aucun remboursement n’attend.`,
    refundCard: (of: OpenRefundFacts, batchCode: string | null): Html =>
      asCaption(
        paragraphs(
          lines(
            phrase`↩️ <b>Remboursement</b> · ${escape(refundKinds[of.kind])}`,
            phrase`Commande ${code(of.orderCode)} · ${bold(format.money(of.cents))}`,
            phrase`Depuis : ${format.moment(of.openedAt)}`,
          ),
          of.address === null || of.asset === null
            ? phrase`⏳ L’acheteur n’a pas encore donné d’adresse.`
            : lines(phrase`À envoyer en ${bold(escape(symbolOf(of.asset)))} à :`, code(of.address)),
          of.state === 'sent'
            ? lines(
                phrase`✅ Envoyé : ${escape(of.amount ?? '')} ${escape(symbolOf(of.asset ?? ''))}`,
                code(of.txHash ?? ''),
              )
            : undefined,
          of.state === 'rejected' ? phrase`✖️ Refusé : ${saying(of.reason)}` : undefined,
          of.state === 'asked' && batchCode !== null
            ? phrase`⚠️ La part du vendeur est dans le lot ${code(batchCode)} : rien à envoyer avant sa clôture ou son annulation.`
            : undefined,
        ),
      ),
    markSent: label`✅ Noter l’envoi`,
    reject: label`✖️ Refuser`,
    askAgain: label`🔁 Redemander l’adresse`,
    askForget: (address: string): Html =>
      paragraphs(
        phrase`<b>Demander une autre adresse à l’acheteur ?</b> Celle qu’il a donnée est oubliée :`,
        code(address),
        phrase`⚠️ Si quelque chose y a été envoyé, notez-le d’abord : ce ne sera plus possible ensuite.`,
      ),
    forgetNow: label`Oui, redemander`,
    askedAgain: label`L’acheteur est de nouveau invité à donner une adresse.`,
    toRefunds: label`‹ Remboursements`,
    askAmount: (coin: string, address: string): Html =>
      paragraphs(
        phrase`Combien avez-vous envoyé, en ${bold(escape(symbolOf(coin)))}, à cette adresse ?`,
        code(address),
      ),
    notAmount: (decimals: number): Html =>
      phrase`J’attends un montant plus grand que zéro, avec un point et au plus ${decimals} décimales.`,
    askHash: phrase`Quel est l’identifiant (hash) de la transaction ?`,
    notHash: (coin: string): Html =>
      phrase`Ce n’est pas l’identifiant d’une transaction ${escape(symbolOf(coin))} : copiez-le entier depuis le portefeuille.`,
    hashUsed: phrase`Cette transaction a déjà été notée pour un autre envoi.`,
    confirmSent: (of: OpenRefundFacts, amount: string, hash: string): Html =>
      paragraphs(
        phrase`<b>Noter cet envoi pour la commande ${code(of.orderCode)} ?</b>`,
        lines(phrase`${bold(escape(amount))} ${escape(symbolOf(of.asset ?? ''))}`, code(of.address ?? ''), code(hash)),
        of.kind === 'order' ? phrase`L’acheteur perd l’accès au fichier, la part du vendeur est reprise.` : undefined,
      ),
    sent: label`Noté : l’acheteur est prévenu.`,
    rejected: label`Refusé : l’acheteur est prévenu.`,
    inBatch: label`La part du vendeur est dans un lot : clôturez-le ou annulez-le d’abord.`,
    nothingToRefund: label`Il n’y a rien à rendre pour cette commande.`,
    refundOrder: label`↩️ Rembourser la commande`,
    toRefund: label`↩️ Remboursement en cours`,
  }
}

export type CasesTexts = ReturnType<typeof cases>
