import { symbolOf } from '../../domain/coin.ts'
import { type Cents } from '../../domain/money.ts'
import { type CoverRefusal, type FileRefusal } from '../../domain/notice.ts'
import { bold, code, escape, type Html, lines } from '../../telegram/html.ts'
import { type Format } from '../format.ts'
import { phrase } from '../french.ts'
import { title } from '../people.ts'
import { refusals } from './refusals.ts'

const reasons = refusals()

/** Lines to a seller. A buyer is never named. */
export const notices = (format: Format) => ({
  sale: (product: string, price: Cents, coin: string | null, orderCode: string): Html =>
    lines(
      phrase`💰 <b>Vendu !</b> ${bold(title(product))}`,
      coin === null
        ? phrase`Vous gagnez ${bold(format.money(price))}.`
        : phrase`Vous gagnez ${bold(format.money(price))}, payé en ${escape(symbolOf(coin))}.`,
      phrase`Commande ${code(orderCode)}`,
    ),
  freeOrders: (product: string, count: number): Html =>
    count === 1
      ? phrase`🎁 ${bold(title(product))} a été pris gratuitement 1 fois.`
      : phrase`🎁 ${bold(title(product))} a été pris gratuitement ${count} fois.`,
  fileReceived: (product: string): Html =>
    product === ''
      ? phrase`📥 Votre fichier est bien arrivé. Nous le vérifions, et vous écrivons ici dès que c’est fait.`
      : phrase`📥 Le fichier de ${bold(title(product))} est bien arrivé. Nous le vérifions, et vous écrivons ici dès que c’est fait.`,
  onSale: (product: string): Html => phrase`✅ ${bold(title(product))} est en vente. Bonne chance !`,
  versionOnSale: (product: string, number: number): Html =>
    phrase`✅ La version ${number} de ${bold(title(product))} est en vente. Vos acheteurs en sont prévenus, et la recevront désormais.`,
  fileRefused: (product: string, reason: FileRefusal): Html =>
    phrase`⚠️ Le fichier de ${bold(title(product))} n’a pas passé la vérification : ${reasons.file[reason]} Cela se fait dans /sell.`,
  coverRefused: (product: string, reason: CoverRefusal): Html =>
    phrase`⚠️ L’image de ${bold(title(product))} n’a pas pu être utilisée : ${reasons.cover[reason]} Cela se fait dans /sell.`,
  pictureLost: (product: string): Html =>
    phrase`🖼 L’image de ${bold(title(product))} est perdue, et nous le regrettons. Une image dessinée la remplace ; renvoyez la vôtre depuis /sell.`,
  originalDamaged: (product: string): Html =>
    phrase`⚠️ Le fichier de ${bold(title(product))} est abîmé dans notre stockage : le produit est retiré de la vente. Renvoyez le fichier depuis /sell pour le remettre en vente.`,
  moneyWaits: (cents: bigint): Html =>
    phrase`👛 ${bold(format.money(cents))} vous attendent, et nous ne savons pas où les verser. Ajoutez une adresse Solana dans /sell.`,
  codeNotSent: (email: string, isMailOff: boolean): Html =>
    isMailOff
      ? phrase`✉️ Aucun code n’arrivera à ${escape(email)} : cette boutique ne peut plus envoyer d’e-mails. Revenez d’une étape dans le formulaire : il continue sans code.`
      : phrase`✉️ Nous n’avons pas pu envoyer le code à ${escape(email)}. Vérifiez l’adresse, puis demandez un autre code.`,
})

export type NoticeTexts = ReturnType<typeof notices>
