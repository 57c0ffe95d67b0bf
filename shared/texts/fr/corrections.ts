import { bold, code, dotted, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption, cut } from '../../telegram/text-length.ts'
import { type CorrectionFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'

const reasons: Readonly<Record<CorrectionFacts['reason'], string>> = {
  withdrawn: label`produit repris à ses acheteurs`,
  asked: label`remboursement demandé par l’acheteur`,
  provider: label`paiement rendu par NOWPayments`,
  refunded: label`commande remboursée à l’acheteur`,
}

/** What a seller reads of shares that were paid out, and went back to their buyers. */
export const corrections = (format: Format) => ({
  button: label`↩️ Corrections`,
  card: (count: number, shown: readonly CorrectionFacts[]): Html =>
    asCaption(
      paragraphs(
        phrase`↩️ <b>Corrections</b> · ${count}`,
        phrase`Ces commandes ont été remboursées après vous avoir été versées : leur part est déduite de ce que nous vous versons ensuite.`,
        ...shown.map((one) =>
          lines(
            dotted(code(one.orderCode), bold(format.money(one.cents)), format.date(one.at)),
            escape(cut(one.title, 40)),
            dotted(escape(reasons[one.reason]), one.isSettled ? phrase`✅ déduite` : phrase`⏳ à déduire`),
          ),
        ),
      ),
    ),
  none: phrase`✅ Rien n’est déduit de vos versements.`,
})

export type CorrectionTexts = ReturnType<typeof corrections>
