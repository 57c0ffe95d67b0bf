import { type Coin, coinFacts } from '../../domain/coin.ts'
import { type Breakdown } from '../../domain/fee.ts'
import { type Cents } from '../../domain/money.ts'
import { bold, dotted, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type CoinChoice, type HiddenCoin, type NoAddress, type OfferedCoin, type RefusalFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { reasonIn } from './moderation-reasons.ts'
import { label, phrase } from '../french.ts'
import { saying, title } from '../people.ts'

const noAddress: Readonly<Record<NoAddress, string>> = {
  'below minimum': label`Ce montant est inférieur au minimum de cette monnaie : choisissez-en une autre.`,
  'coin unavailable': label`Cette monnaie est momentanément indisponible : choisissez-en une autre.`,
  closed: label`Les paiements sont fermés pour le moment. Réessayez un peu plus tard ; rien ne vous a été demandé.`,
  busy: label`Le service de paiement est très sollicité. Réessayez dans une minute.`,
  refused: label`Le service de paiement a refusé cette demande : essayez une autre monnaie.`,
  unknown: label`Le service de paiement n’a pas répondu. Vous pouvez réessayer : vous ne paierez pas deux fois.`,
}

const refusals: Readonly<Record<Exclude<RefusalFacts['kind'], 'suspended'>, string>> = {
  own: label`C’est votre produit : vous ne pouvez pas vous l’acheter.`,
  owned: label`Ce produit est déjà à vous : retrouvez-le dans votre bibliothèque.`,
  'not visible': label`Ce produit n’est plus en vente.`,
  'too many orders': label`Vous avez déjà 5 commandes ouvertes. Payez-en une ou annulez-en une dans /orders.`,
  'too many payments': label`Vous avez demandé beaucoup d’adresses de paiement. Réessayez dans dix minutes.`,
  'too many free': label`Vous avez pris 20 produits gratuits aujourd’hui. Revenez demain pour la suite.`,
}

/** From the buy button to the order message. */
export const checkout = (format: Format) => {
  const sums = ({ price, fee, total }: Breakdown): Html =>
    lines(
      phrase`Prix : ${format.money(price)}`,
      fee === 0n ? undefined : phrase`Frais de service : ${format.money(fee)}`,
      bold(phrase`Total : ${format.money(total)}`),
    )
  const offer = ({ coin, estimate }: OfferedCoin): Html => {
    const { symbol, networkName, minutes, mint } = coinFacts[coin]
    const network = mint === undefined ? phrase`réseau ${escape(networkName)}` : phrase`réseau Solana uniquement`
    const amount = estimate === undefined ? undefined : phrase`≈ ${escape(estimate)}`
    return phrase`• ${dotted(bold(escape(symbol)), network, amount, phrase`${minutes[0]} à ${minutes[1]} min`)}`
  }
  const absent = ({ coin, minimum }: HiddenCoin): Html =>
    minimum === undefined
      ? phrase`${escape(coinFacts[coin].symbol)} indisponible`
      : phrase`${escape(coinFacts[coin].symbol)} à partir de ${format.money(minimum)}`
  const choice = ({ offered, hidden }: CoinChoice): Html =>
    paragraphs(
      lines(...offered.map(offer)),
      hidden.length === 0 ? undefined : phrase`<i>${dotted(...hidden.map(absent))}</i>`,
    )
  const screen = (product: string, sum: Breakdown, ...told: readonly Html[]): Html =>
    asCaption(paragraphs(lines(phrase`🛒 ${bold(title(product))}`, sums(sum)), ...told))

  return {
    /** The offered coins, a line each, and why the others are missing. */
    choice,
    chooseCoin: (product: string, sum: Breakdown, coins: CoinChoice): Html =>
      screen(
        product,
        sum,
        phrase`Avec quelle monnaie souhaitez-vous payer ?`,
        choice(coins),
        phrase`En payant, vous acceptez les conditions : /terms`,
      ),
    coinButton: ({ coin }: { readonly coin: Coin }): string =>
      label`${coinFacts[coin].symbol} · ${coinFacts[coin].networkName}`,
    noCoin: (product: string, sum: Breakdown): Html =>
      screen(
        product,
        sum,
        phrase`Aucune monnaie ne peut porter ce montant aujourd’hui. L’équipe est prévenue : réessayez un peu plus tard.`,
      ),
    priceChanged: (product: string, before: Cents, now: Breakdown): Html =>
      screen(
        product,
        now,
        phrase`Le prix a changé depuis votre dernier écran : le total était de ${format.money(before)}, il est maintenant de ${bold(format.money(now.total))}. Souhaitez-vous continuer ?`,
      ),
    acceptPrice: (total: Cents): string => label`Continuer à ${format.money(total)}`,
    seeBelow: (product: string): Html =>
      phrase`🛒 ${bold(title(product))}\n\nVotre commande est plus bas dans la conversation.`,
    noAddress: (why: NoAddress): string => noAddress[why],
    refusal: (refusal: RefusalFacts): string => {
      if (refusal.kind !== 'suspended') return refusals[refusal.kind]
      const end = refusal.until === null ? '' : label` jusqu’au ${format.date(refusal.until)}`
      return label`Votre compte est suspendu${end}. Vos achats restent accessibles ; pour contester : /support`
    },
    suspensionReason: (reason: string): Html => phrase`Motif de la suspension : ${saying(reasonIn(reason))}`,
    alreadyOpen: label`Vous avez déjà une commande pour ce produit : la voici.`,
    freeTaken: label`C’est à vous ! Le fichier arrive.`,
  }
}

export type CheckoutTexts = ReturnType<typeof checkout>
