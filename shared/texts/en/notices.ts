import { symbolOf } from '../../domain/coin.ts'
import { type Cents } from '../../domain/money.ts'
import { type CoverRefusal, type FileRefusal } from '../../domain/notice.ts'
import { bold, code, escape, type Html, html as phrase, lines } from '../../telegram/html.ts'
import { type NoticeTexts } from '../fr/notices.ts'
import { type Format } from '../format.ts'
import { title } from '../people.ts'
import { refusals } from './refusals.ts'

const reasons = refusals()

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
  fileReceived: (product: string): Html =>
    product === ''
      ? phrase`📥 Your file has arrived. We are checking it, and write to you here when that is done.`
      : phrase`📥 The file of ${bold(title(product))} has arrived. We are checking it, and write to you here when that is done.`,
  onSale: (product: string): Html => phrase`✅ ${bold(title(product))} is on sale. Good luck!`,
  versionOnSale: (product: string, number: number): Html =>
    phrase`✅ Version ${number} of ${bold(title(product))} is on sale. Your buyers are being told, and get it from now on.`,
  fileRefused: (product: string, reason: FileRefusal): Html =>
    phrase`⚠️ The file of ${bold(title(product))} did not pass the checks: ${reasons.file[reason]} You can do it in /sell.`,
  coverRefused: (product: string, reason: CoverRefusal): Html =>
    phrase`⚠️ The picture of ${bold(title(product))} could not be used: ${reasons.cover[reason]} You can do it in /sell.`,
  pictureLost: (product: string): Html =>
    phrase`🖼 The picture of ${bold(title(product))} is lost, and we are sorry. A drawn one takes its place; send yours again from /sell.`,
  originalDamaged: (product: string): Html =>
    phrase`⚠️ The file of ${bold(title(product))} is damaged in our storage: the product is off sale. Send the file again from /sell to put it back.`,
  moneyWaits: (cents: bigint): Html =>
    phrase`👛 ${bold(format.money(cents))} are waiting for you, and we do not know where to pay them. Add a Solana address in /sell.`,
  codeNotSent: (email: string, isMailOff: boolean): Html =>
    isMailOff
      ? phrase`✉️ No code will come to ${escape(email)}: this shop cannot send e-mails any more. Go one step back in the form: it goes on without a code.`
      : phrase`✉️ We could not send the code to ${escape(email)}. Check the address, then ask for another code.`,
})
