import { symbolOf } from '../../domain/coin.ts'
import { bold, code, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { saying, title } from '../people.ts'

/** What buyers and sellers read of money that a person decided about. */
export const refunds = (format: Format) => ({
  accepted: (orderCode: string): Html =>
    phrase`✅ Commande ${code(orderCode)} : une personne a accepté votre paiement tel quel. Votre fichier arrive.`,
  closed: (orderCode: string, reason: string, answer: 'request' | 'payment'): Html =>
    paragraphs(
      answer === 'request'
        ? phrase`🗂 Commande ${code(orderCode)} : une personne a examiné votre demande et l’a classée.`
        : phrase`🗂 Commande ${code(orderCode)} : une personne a examiné votre paiement et n’y donne pas suite.`,
      saying(reason),
      phrase`Une question ? /support`,
    ),
  addressWanted: (orderCode: string, cents: bigint): Html =>
    phrase`↩️ Nous vous rendons ${bold(format.money(cents))} pour la commande ${code(orderCode)}. Dites-nous où l’envoyer.`,
  giveAddress: label`Donner une adresse`,
  sent: (orderCode: string, amount: string, asset: string, hash: string): Html =>
    lines(
      phrase`↩️ Commande ${code(orderCode)} : ${bold(escape(amount))} ${escape(symbolOf(asset))} vous ont été envoyés.`,
      phrase`Transaction : ${code(hash)}`,
    ),
  refused: (orderCode: string, reason: string): Html =>
    paragraphs(
      phrase`✖️ Commande ${code(orderCode)} : votre remboursement n’est pas envoyé.`,
      saying(reason),
      phrase`Une question ? /support`,
    ),
  sellerTold: (product: string, orderCode: string, cents: bigint, share: 'cancelled' | 'set off'): Html =>
    share === 'cancelled'
      ? phrase`↩️ La commande ${code(orderCode)} (${title(product)}) a été remboursée : votre part de ${format.money(cents)} est annulée.`
      : phrase`↩️ La commande ${code(orderCode)} (${title(product)}) a été remboursée après son versement : ${format.money(cents)} seront déduits de votre prochain versement.`,
  askCoin: phrase`Dans quelle monnaie voulez-vous être remboursé ?`,
  askAddress: (coin: string, network: string): Html =>
    paragraphs(
      phrase`À quelle adresse ${bold(escape(symbolOf(coin)))}, sur le réseau ${bold(escape(network))}, voulez-vous être remboursé ?`,
      phrase`Collez l’adresse de votre portefeuille. Jamais une clé secrète ni une phrase de récupération.`,
    ),
  confirmAddress: (coin: string, network: string, address: string): Html =>
    paragraphs(
      phrase`Est-ce bien votre adresse ${bold(escape(symbolOf(coin)))} (${escape(network)}), signe par signe ?`,
      code(address),
      phrase`Ce qui part à une mauvaise adresse ne peut pas être rendu.`,
    ),
  unusual: phrase`⚠️ Ce n’est pas l’adresse d’un portefeuille ordinaire : vérifiez-la bien.`,
  isMine: label`Oui, c’est la mienne`,
  fault: {
    checksum: phrase`Un signe de cette adresse est faux : copiez-la entière depuis votre portefeuille.`,
    'other network': phrase`Cette adresse est celle d’un autre réseau : ce qui y serait envoyé serait perdu.`,
    'not an address': phrase`Ce n’est pas une adresse de cette monnaie. Copiez-la entière depuis votre portefeuille.`,
  },
  noted: label`Noté : nous vous prévenons dès que c’est envoyé.`,
  over: label`Rien n’est attendu de vous pour ce remboursement.`,
})

export type RefundTexts = ReturnType<typeof refunds>
