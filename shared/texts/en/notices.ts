import { symbolOf } from '../../domain/coin.ts'
import { type Cents } from '../../domain/money.ts'
import { bold, code, escape, type Html, html as phrase, lines } from '../../telegram/html.ts'
import { type NoticeTexts } from '../fr/notices.ts'
import { type Format } from '../format.ts'
import { saying, title } from '../people.ts'

export const notices = (format: Format): NoticeTexts => ({
  sale: (product: string, price: Cents, coin: string | null, orderCode: string): Html =>
    lines(
      phrase`💰 <b>Sold!</b> ${bold(title(product))}`,
      coin === null
        ? phrase`You earn ${bold(format.money(price))}.`
        : phrase`You earn ${bold(format.money(price))}, paid in ${escape(symbolOf(coin))}.`,
      phrase`Order ${code(orderCode)}`,
    ),
  freeOrders: (product: string, count: number): Html =>
    count === 1
      ? phrase`🎁 ${bold(title(product))} was taken for free once.`
      : phrase`🎁 ${bold(title(product))} was taken for free ${count} times.`,
  onSale: (product: string): Html => phrase`✅ ${bold(title(product))} is on sale. Good luck!`,
  fileRefused: (product: string, reason: string): Html =>
    phrase`⚠️ The file of ${bold(title(product))} did not pass the checks: ${saying(reason)} Please send it again from /sell.`,
  orderRefunded: (product: string, orderCode: string): Html =>
    phrase`↩️ Order ${code(orderCode)} (${title(product)}) was refunded: your share is cancelled.`,
})
