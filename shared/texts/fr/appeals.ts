import { bold, code, dotted, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption, longestCaption, withElastic } from '../../telegram/text-length.ts'
import { type AppealFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { name, saying, title } from '../people.ts'
import { stamp } from '../stamp.ts'
import { reasonIn } from './moderation-reasons.ts'

/** What people say against measures of moderation, and the answers to it. */
export const appeals = (format: Format) => {
  const about = ({ product, personName }: AppealFacts): Html =>
    product === null ? phrase`👤 ${name(personName)}` : phrase`📦 ${title(product.title)}`

  return {
    /** On the home of administrators, as a button. */
    waiting: (count: number): string => label`✋ Contestations · ${count}`,
    list: (count: number, first: number, shown: readonly AppealFacts[]): Html =>
      asCaption(
        paragraphs(
          phrase`✋ <b>Contestations</b> · ${count}`,
          ...shown.map((one, index) => dotted(phrase`${first + index}.`, about(one), code(stamp(one.openedAt)))),
        ),
      ),
    none: phrase`✅ Aucune contestation n’attend.`,
    one: (appeal: AppealFacts): Html =>
      withElastic(longestCaption, appeal.words, (words) =>
        paragraphs(
          lines(
            phrase`✋ <b>Contestation</b> · ${format.moment(appeal.openedAt)}`,
            appeal.product === null ? undefined : dotted(bold(title(appeal.product.title)), code(appeal.product.code)),
            phrase`De ${name(appeal.personName)} · ${code(String(appeal.personId))}`,
          ),
          lines(
            appeal.reason === null ? undefined : phrase`Motif : ${saying(reasonIn(appeal.reason))}`,
            appeal.until === null ? undefined : phrase`Jusqu’au ${format.date(appeal.until)}`,
          ),
          phrase`« ${words} »`,
        ),
      ),
    readAll: label`📖 Tout lire`,
    grant: label`✅ Rétablir`,
    refuse: label`✖️ Refuser`,
    toProduct: label`📦 Le produit`,
    toPerson: label`👤 La personne`,
    toAppeals: label`‹ Contestations`,
    askReason: phrase`Pour quelle raison refuser ? De 10 à 300 caractères, que la personne lira.`,
    confirmReason: (reason: string): Html => paragraphs(phrase`La personne lira ceci :`, escape(reason)),
    refused: label`Refusée : la personne est prévenue.`,
    changed: label`Cette contestation a changé depuis : voyez où elle en est.`,
    over: label`Cette contestation a déjà sa réponse.`,
    /** To whoever appealed; `product` null: about their own account. */
    toldRefused: (product: string | null, reason: string): Html =>
      paragraphs(
        product === null
          ? phrase`✖️ Votre contestation a été lue : votre compte reste suspendu.`
          : phrase`✖️ Votre contestation a été lue : la décision sur ${bold(title(product))} est maintenue.`,
        saying(reason),
      ),
  }
}

export type AppealTexts = ReturnType<typeof appeals>
