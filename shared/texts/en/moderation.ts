import { bold, code, dotted, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type MeasureFacts, type ModeratedPersonFacts, type ModeratedProductFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { type ModerationTexts } from '../fr/moderation.ts'
import { name, saying, title } from '../people.ts'
import { reasonIn, reasons } from './moderation-reasons.ts'

const moderations = { ok: 'visible', suspended: 'suspended', banned: 'banned' } as const

type Standing = NonNullable<MeasureFacts['standing']>

export const moderation = (format: Format): ModerationTexts => {
  const ends = (until: Date | null): Html => (until === null ? phrase`` : phrase` until ${format.date(until)}`)
  const stands = ({ moderation: now, until, isWithdrawn }: Standing): readonly (Html | undefined)[] => [
    phrase`Now: ${escape(moderations[now])}${ends(until)}`,
    isWithdrawn ? phrase`Taken back from those who bought it` : undefined,
  ]
  const why = (reason: string | null): Html | undefined =>
    reason === null ? undefined : phrase`Reason: ${saying(reasonIn(reason))}`

  return {
    productSuspended: (product: string, until: Date | null, reason: string): Html =>
      paragraphs(
        phrase`⛔️ The team has suspended ${bold(title(product))}${ends(until)}: it is not visible any more. Your buyers keep their file.`,
        why(reason),
      ),
    productBanned: (product: string, reason: string, isWithdrawn: boolean): Html =>
      paragraphs(
        phrase`🚫 The team has taken ${bold(title(product))} off sale, for good.`,
        isWithdrawn
          ? phrase`It is taken back from those who bought it as well: each order that is refunded cancels your share.`
          : undefined,
        why(reason),
      ),
    productRestored: (product: string, isAppealed: boolean): Html =>
      isAppealed
        ? phrase`✅ Your appeal is granted: ${bold(title(product))} is restored, and visible if it is on sale.`
        : phrase`✅ ${bold(title(product))} is restored: it is visible again if it is on sale.`,
    contentWithdrawn: (product: string, isPaid: boolean): Html =>
      isPaid
        ? phrase`🚫 ${bold(title(product))} was withdrawn: its content is illegal or harmful. It is no longer in your library, and you will be refunded: we write to you here.`
        : phrase`🚫 ${bold(title(product))} was withdrawn: its content is illegal or harmful. It is no longer in your library.`,
    personSuspended: (until: Date | null, reason: string): Html =>
      paragraphs(
        phrase`⛔️ Your account is suspended${ends(until)}: you can neither buy nor sell. What you bought stays yours; what you are owed stays yours too, and waits.`,
        why(reason),
      ),
    contentReturned: (product: string): Html =>
      phrase`✅ ${bold(title(product))}, which had been withdrawn, is restored: it is in your library again, and you keep your purchase. Any question? /support`,
    personRestored: (isAppealed: boolean): Html =>
      isAppealed
        ? phrase`✅ Your appeal is granted: your account is not suspended any more. Good to see you again!`
        : phrase`✅ Your account is not suspended any more. Good to see you again!`,
    holdOver: phrase`✅ The wait after your change of address is over: your payouts go on, to the new address.`,
    appeal: '✋ Appeal',
    askAppeal: phrase`✋ Tell us why this is a mistake, in one message. The team reads it; if it was one, it is undone and you are told here.`,
    appealSent: 'The team has it.',
    nothingToAppeal: 'There is nothing to appeal any more.',
    appealFull: phrase`With what you have written already, this is too long: the team has all of that, and answers you here. Shorten it, or wait for the answer.`,
    tooManyAppeals: phrase`You have written three times today: the team has your messages. You can write again tomorrow.`,
    product: (product: ModeratedProductFacts): Html =>
      asCaption(
        paragraphs(
          phrase`📦 ${bold(title(product.title))} · ${code(product.code)}`,
          lines(
            dotted(escape(product.status), phrase`${escape(moderations[product.moderation])}${ends(product.until)}`),
            product.isWithdrawn ? phrase`Taken back from those who bought it` : undefined,
            why(product.reason),
            phrase`Sales: ${product.sales} · owners: ${product.owners}`,
            phrase`Seller ${name(product.sellerName)} · ${code(String(product.sellerId))}`,
          ),
        ),
      ),
    person: (who: ModeratedPersonFacts): Html =>
      asCaption(
        paragraphs(
          phrase`👤 ${bold(name(who.firstName))}${who.username === null ? phrase`` : phrase` @${name(who.username)}`} · ${code(String(who.id))}`,
          lines(
            phrase`${escape(who.status)}${ends(who.until)}`,
            why(who.reason),
            phrase`Paid purchases: ${who.bought}`,
            who.shop === null
              ? undefined
              : phrase`Shop ${name(who.shop.name)} · ${code(who.shop.code)} · products: ${who.shop.products}`,
          ),
        ),
      ),
    productMeasures: {
      suspend: '⛔️ Suspend',
      ban: '🚫 Ban',
      withdraw: '🔥 Withdraw from buyers',
      restore: '✅ Restore',
    },
    personMeasures: { suspend: '⛔️ Suspend', restore: '✅ Restore' },
    seller: '👤 The seller',
    askDays: phrase`Until when?`,
    days: (days: number): string => `${days} days`,
    noEnd: 'Without end',
    askReason: phrase`For what reason? The person will read it.`,
    reasons,
    askWords: phrase`A few more words, which the person will read (10 to 500 characters)?`,
    noWords: 'No comment',
    confirm: ({ measure, about, days, reason, standing }: MeasureFacts): Html =>
      paragraphs(
        {
          suspend: phrase`Suspend ${bold(title(about))} ${days === null ? phrase`without end` : phrase`for ${days} days`}?`,
          ban: phrase`Take ${bold(title(about))} off sale for good? Buyers keep their file; what is being paid at the moment will be refunded.`,
          withdraw: phrase`Take ${bold(title(about))} back from everybody who has it? Their rights end, their links go out, and each paid order becomes a case to refund. Restoring the product gives it back to those who were not refunded.`,
          restore: phrase`Restore ${bold(title(about))}?`,
        }[measure],
        lines(...(standing === null ? [] : stands(standing)), why(reason)),
      ),
    yes: 'Yes, do it',
    done: 'Done, and the person is told.',
    notPossible: 'This is not possible any more: see where it stands.',
    mayNot: 'An administrator cannot be suspended.',
  }
}
