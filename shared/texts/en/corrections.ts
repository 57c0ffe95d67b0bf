import { bold, code, dotted, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption, cut } from '../../telegram/text-length.ts'
import { type CorrectionFacts } from '../facts.ts'
import { type CorrectionTexts } from '../fr/corrections.ts'
import { type Format } from '../format.ts'

const reasons: Readonly<Record<CorrectionFacts['reason'], string>> = {
  withdrawn: 'product taken back from its buyers',
  asked: 'refund asked for by the buyer',
  provider: 'payment given back by NOWPayments',
  refunded: 'order refunded to its buyer',
}

export const corrections = (format: Format): CorrectionTexts => ({
  button: '↩️ Corrections',
  card: (count: number, shown: readonly CorrectionFacts[]): Html =>
    asCaption(
      paragraphs(
        phrase`↩️ <b>Corrections</b> · ${count}`,
        phrase`These orders were refunded after they had been paid out to you: their share is deducted from what we pay you next.`,
        ...shown.map((one) =>
          lines(
            dotted(code(one.orderCode), bold(format.money(one.cents)), format.date(one.at)),
            escape(cut(one.title, 40)),
            dotted(escape(reasons[one.reason]), one.isSettled ? phrase`✅ deducted` : phrase`⏳ to be deducted`),
          ),
        ),
      ),
    ),
  none: phrase`✅ Nothing is deducted from your payouts.`,
})
