import { bold, code, dotted, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption, longestCaption, withElastic } from '../../telegram/text-length.ts'
import { type AppealFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { type AppealTexts } from '../fr/appeals.ts'
import { name, saying, title } from '../people.ts'
import { stamp } from '../stamp.ts'
import { reasonIn } from './moderation-reasons.ts'

export const appeals = (format: Format): AppealTexts => {
  const about = ({ product, personName }: AppealFacts): Html =>
    product === null ? phrase`👤 ${name(personName)}` : phrase`📦 ${title(product.title)}`

  return {
    waiting: (count: number): string => `✋ Appeals · ${count}`,
    list: (count: number, first: number, shown: readonly AppealFacts[]): Html =>
      asCaption(
        paragraphs(
          phrase`✋ <b>Appeals</b> · ${count}`,
          ...shown.map((one, index) => dotted(phrase`${first + index}.`, about(one), code(stamp(one.openedAt)))),
        ),
      ),
    none: phrase`✅ No appeal is waiting.`,
    one: (appeal: AppealFacts): Html =>
      withElastic(longestCaption, appeal.words, (words) =>
        paragraphs(
          lines(
            phrase`✋ <b>Appeal</b> · ${format.moment(appeal.openedAt)}`,
            appeal.product === null ? undefined : dotted(bold(title(appeal.product.title)), code(appeal.product.code)),
            phrase`By ${name(appeal.personName)} · ${code(String(appeal.personId))}`,
          ),
          lines(
            appeal.reason === null ? undefined : phrase`Reason: ${saying(reasonIn(appeal.reason))}`,
            appeal.until === null ? undefined : phrase`Until ${format.date(appeal.until)}`,
          ),
          phrase`“${words}”`,
        ),
      ),
    readAll: '📖 Read all',
    grant: '✅ Restore',
    refuse: '✖️ Turn down',
    toProduct: '📦 The product',
    toPerson: '👤 The person',
    toAppeals: '‹ Appeals',
    askReason: phrase`For what reason is it turned down? From 10 to 300 characters, which the person will read.`,
    confirmReason: (reason: string): Html => paragraphs(phrase`The person will read this:`, escape(reason)),
    refused: 'Turned down: the person is told.',
    changed: 'This appeal has changed since: see where it stands.',
    over: 'This appeal was answered already.',
    toldRefused: (product: string | null, reason: string): Html =>
      paragraphs(
        product === null
          ? phrase`✖️ Your appeal was read: your account stays suspended.`
          : phrase`✖️ Your appeal was read: the decision about ${bold(title(product))} stands.`,
        saying(reason),
      ),
  }
}
