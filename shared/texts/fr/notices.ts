import { symbolOf } from '../../domain/coin.ts'
import { type Cents } from '../../domain/money.ts'
import { bold, code, escape, type Html, lines } from '../../telegram/html.ts'
import { type Format } from '../format.ts'
import { phrase } from '../french.ts'
import { saying, title } from '../people.ts'

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
  onSale: (product: string): Html => phrase`✅ ${bold(title(product))} est en vente. Bonne chance !`,
  fileRefused: (product: string, reason: string): Html =>
    phrase`⚠️ Le fichier de ${bold(title(product))} n’a pas passé la vérification : ${saying(reason)} Renvoyez-le depuis /sell.`,
  orderRefunded: (product: string, orderCode: string): Html =>
    phrase`↩️ La commande ${code(orderCode)} (${title(product)}) a été remboursée : votre part est annulée.`,
})

export type NoticeTexts = ReturnType<typeof notices>
