import { symbolOf } from '../../domain/coin.ts'
import { facts, link, say } from '../../mail/letter.ts'
import { cut } from '../../telegram/text-length.ts'
import { type Format } from '../format.ts'
import { label } from '../french.ts'
import { buyerFooter, open, sellerFooter } from './mail-words.ts'
import { type LetterOf } from './mails.ts'

export type MoneyTemplate =
  'sale' | 'receipt' | 'refund sent' | 'order refunded' | 'payout sent' | 'payout failed' | 'money waits'

/** The mails about money, in French. */
export const moneyLetters = (format: Format): Pick<LetterOf, MoneyTemplate> => {
  const dollars = (cents: string): string => format.money(BigInt(cents))
  const title = (text: string): string => cut(text, 100)
  const coin = (of: string | null) => (of === null ? undefined : ([label`Monnaie`, symbolOf(of)] as const))
  const listed = (codes: readonly string[]): string => cut(codes.join(', '), 500)
  return {
    sale: (mail, { botUrl }) => ({
      subject: label`Vendu : ${title(mail.title)}`,
      pieces: [
        facts([label`Produit`, title(mail.title)], [label`Vous gagnez`, dollars(mail.price)], coin(mail.coin), [
          label`Commande`,
          mail.orderCode,
        ]),
        say(label`Vous touchez 100 % de votre prix, après la durée de garde.`),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    receipt: (mail, { botUrl }) => ({
      subject: label`Reçu de la commande ${mail.orderCode}`,
      pieces: [
        facts(
          [label`Produit`, title(mail.title)],
          [label`Vendu par`, mail.seller],
          [label`Prix`, dollars(mail.price)],
          [label`Frais`, dollars(mail.fee)],
          [label`Total`, dollars(mail.total)],
          coin(mail.coin),
          [label`Commande`, mail.orderCode],
        ),
        say(
          label`Votre fichier est dans la conversation avec le bot. Vous pouvez le redemander à tout moment avec /library.`,
        ),
        link(label`Ouvrir ma commande`, `${botUrl}?start=o_${mail.orderCode}`),
      ],
      footer: buyerFooter,
    }),
    'refund sent': ({ orderCode, amount, asset, hash }, { botUrl }) => ({
      subject: label`Remboursement de la commande ${orderCode}`,
      pieces: [
        facts(
          [label`Commande`, orderCode],
          [label`Montant`, `${amount} ${symbolOf(asset)}`],
          hash === null ? undefined : [label`Transaction`, hash],
        ),
        say(
          hash === null
            ? label`NOWPayments a rendu l’argent lui-même.`
            : label`L’argent est parti vers l’adresse que vous avez donnée.`,
        ),
        link(open, botUrl),
      ],
      footer: buyerFooter,
    }),
    'order refunded': (mail, { botUrl }) => ({
      subject: label`Commande remboursée : ${title(mail.title)}`,
      pieces: [
        facts(
          [label`Produit`, title(mail.title)],
          [label`Commande`, mail.orderCode],
          [label`Votre part`, dollars(mail.cents)],
        ),
        say(
          mail.share === 'cancelled'
            ? label`L’acheteur a été remboursé : votre part de cette commande est annulée.`
            : label`L’acheteur a été remboursé après votre versement : cette part sera déduite du prochain.`,
        ),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'payout sent': (mail, { botUrl }) => ({
      subject: label`Versement envoyé : ${dollars(mail.cents)}`,
      pieces: [
        facts(
          [label`Montant`, label`${dollars(mail.cents)} en USDT`],
          [label`Adresse`, mail.address],
          [label`Transaction`, mail.hash],
          [label`Commandes`, listed(mail.orderCodes)],
        ),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'payout failed': (mail, { botUrl }) => ({
      subject: label`Versement non effectué : ${dollars(mail.cents)}`,
      pieces: [
        say(label`Votre versement de ${dollars(mail.cents)} n’a pas pu être fait : ${cut(mail.reason, 500)}`),
        say(label`L’argent est de nouveau disponible dans votre solde. Vérifiez votre adresse Solana dans /sell.`),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
    'money waits': (mail, { botUrl }) => ({
      subject: label`Votre argent attend une adresse`,
      pieces: [
        say(label`${dollars(mail.cents)} vous attendent, et nous ne savons pas où les verser.`),
        say(label`Ajoutez l’adresse Solana de votre portefeuille dans les réglages de votre boutique, avec /sell.`),
        link(open, botUrl),
      ],
      footer: sellerFooter,
    }),
  }
}
