import { coinFacts, isCoin, isStablecoin, networkNameOf, symbolOf } from '../../domain/coin.ts'
import { type Cents } from '../../domain/money.ts'
import { bold, code, escape, type Html, lines, nothing, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type AskedPayment, type OrderFacts, type RefundFacts, type Shortfall } from '../facts.ts'
import { type Format } from '../format.ts'
import { phrase } from '../french.ts'
import { title } from '../people.ts'
import { whyFailed, whyReview } from './order-reasons.ts'

/** How long a coin usually takes, in the middle of a sentence. */
export const usualTime = (coin: string | null): Html => {
  if (coin === null || !isCoin(coin)) return phrase`comptez en général quelques minutes`
  const [from, to] = coinFacts[coin].minutes
  return phrase`comptez en général ${from} à ${to} minutes`
}

const head = (format: Format, { title: product, price, fee, total }: OrderFacts): Html =>
  lines(
    phrase`🧾 ${bold(title(product))}`,
    fee === 0n
      ? phrase`Total : ${bold(format.money(total))}`
      : phrase`${format.money(price)} + ${format.money(fee)} de frais = ${bold(format.money(total))}`,
  )

const asked = ({ coin, amount, address, memo, network }: AskedPayment): Html =>
  lines(
    phrase`Montant exact : ${code(amount)} ${escape(symbolOf(coin))}`,
    phrase`Réseau : ${bold(escape(networkNameOf(coin, network)))}${isCoin(coin) && isStablecoin(coin) ? phrase` uniquement` : nothing}`,
    phrase`Adresse : ${code(address)}`,
    memo === null || memo === '' ? undefined : phrase`⚠️ Mémo à joindre absolument : ${code(memo)}`,
  )

const deadline = (format: Format, { expiresAt, minutesLeft }: AskedPayment): Html =>
  lines(
    phrase`⏱ À payer avant ${format.time(expiresAt)} : il reste ${format.duration(minutesLeft)}.`,
    phrase`Envoyez tout en un seul virement ; les frais du réseau s’ajoutent de votre côté.`,
  )

const shortfall = (format: Format, { coin, received, missing, missingDollars }: Shortfall): Html =>
  lines(
    phrase`⚠️ <b>Il manque une partie du paiement.</b>`,
    phrase`Reçu : ${escape(received)} ${escape(symbolOf(coin))}`,
    phrase`Manquant : ${escape(missing)} ${escape(symbolOf(coin))}, soit ${bold(format.money(missingDollars))}`,
  )

/** The order message in each of its states: the caption of one photo. */
export const order = (format: Format) => {
  const message = (facts: OrderFacts, ...told: readonly (Html | undefined)[]): Html =>
    asCaption(paragraphs(head(format, facts), ...told, phrase`Commande ${code(facts.code)}`))

  return {
    preparing: (product: string): Html => phrase`⏳ Nous préparons votre commande : ${bold(title(product))}…`,
    awaiting: (facts: OrderFacts, payment: AskedPayment): Html =>
      message(facts, asked(payment), deadline(format, payment)),
    askCancel: (facts: OrderFacts): Html =>
      message(
        facts,
        phrase`<b>Annuler cette commande ?</b>`,
        phrase`N’envoyez plus rien à partir de maintenant. Si vous venez de payer, pas d’inquiétude : nous le retrouverons.`,
      ),
    askCoin: (facts: OrderFacts, coins: Html): Html =>
      message(
        facts,
        phrase`Avec quelle autre monnaie souhaitez-vous payer ? Le délai repart de zéro, et l’adresse actuelle reste surveillée.`,
        coins,
      ),
    askRestCoin: (facts: OrderFacts, missing: Cents, coins: Html): Html =>
      message(facts, phrase`Avec quelle monnaie souhaitez-vous payer les ${format.money(missing)} manquants ?`, coins),
    noAnswer: (facts: OrderFacts): Html =>
      message(
        facts,
        phrase`Le service de paiement n’a pas répondu. Vous pouvez réessayer : vous ne paierez pas deux fois.`,
      ),
    confirming: (facts: OrderFacts, coin: string | null): Html =>
      message(
        facts,
        phrase`👀 <b>Paiement repéré !</b> Le réseau le confirme : ${usualTime(coin)}.`,
        phrase`Vous n’avez plus rien à faire : le fichier arrivera tout seul.`,
      ),
    settling: (facts: OrderFacts): Html =>
      message(
        facts,
        phrase`✅ <b>Paiement confirmé.</b> Une dernière vérification est en cours, encore un petit instant.`,
      ),
    unreachable: phrase`Nous ne pouvons pas vérifier à l’instant. Votre argent est en sécurité : nous continuons d’essayer.`,
    underpaid: (facts: OrderFacts, short: Shortfall, rest: AskedPayment | undefined): Html =>
      rest === undefined
        ? message(facts, shortfall(format, short), phrase`Vous pouvez payer le reste, ou demander à être remboursé.`)
        : message(
            facts,
            shortfall(format, short),
            lines(phrase`Pour payer le reste :`, asked(rest)),
            deadline(format, rest),
          ),
    tooSmallRest: phrase`Le reste est trop petit pour être payé en crypto. Une personne regarde : vous recevrez le fichier ou votre argent.`,
    review: (facts: OrderFacts, doubt: string | null): Html =>
      message(
        facts,
        phrase`🔎 ${bold(whyReview(doubt))}`,
        phrase`Une personne s’en occupe sous 48 h : vous recevrez le fichier ou votre argent.`,
      ),
    expired: (facts: OrderFacts, watchUntil: Date | null): Html =>
      message(
        facts,
        phrase`⌛️ <b>Le délai est écoulé.</b> Rien ne vous a été débité.`,
        watchUntil === null
          ? undefined
          : phrase`Si vous venez de payer, attendez : cette adresse reste surveillée jusqu’au ${format.date(watchUntil)}.`,
      ),
    cancelled: (facts: OrderFacts): Html =>
      message(
        facts,
        phrase`✖️ <b>Commande annulée.</b> N’envoyez rien à présent ; si c’est déjà fait, nous le retrouverons.`,
      ),
    failed: (facts: OrderFacts, reason: string | null): Html => message(facts, phrase`❌ ${whyFailed(reason)}`),
    refunded: (facts: OrderFacts, refund: RefundFacts | undefined, hadFile: boolean): Html =>
      message(
        facts,
        refund === undefined
          ? phrase`↩️ <b>Commande remboursée.</b>`
          : phrase`↩️ <b>Commande remboursée</b> : ${escape(refund.amount)} ${escape(symbolOf(refund.asset))}`,
        refund?.hash == null ? undefined : phrase`Transaction : ${code(refund.hash)}`,
        hadFile ? phrase`Le fichier n’est plus dans votre bibliothèque.` : undefined,
      ),
  }
}

export type OrderTexts = ReturnType<typeof order>
