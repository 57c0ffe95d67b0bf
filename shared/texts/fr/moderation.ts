import { type PersonMeasure, type ProductMeasure } from '../../domain/moderation.ts'
import { bold, code, dotted, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type MeasureFacts, type ModeratedPersonFacts, type ModeratedProductFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { name, saying, title } from '../people.ts'
import { reasonIn, reasons } from './moderation-reasons.ts'

const moderations = { ok: label`visible`, suspended: label`suspendu`, banned: label`banni` } as const

type Standing = NonNullable<MeasureFacts['standing']>

/** What is taken off, by whom it is read: those it concerns, and administrators. */
export const moderation = (format: Format) => {
  const ends = (until: Date | null): Html => (until === null ? phrase`` : phrase` jusqu’au ${format.date(until)}`)
  const stands = ({ moderation: now, until, isWithdrawn }: Standing): readonly (Html | undefined)[] => [
    phrase`À présent : ${escape(moderations[now])}${ends(until)}`,
    isWithdrawn ? phrase`Repris à ceux qui l’ont acheté` : undefined,
  ]
  const why = (reason: string | null): Html | undefined =>
    reason === null ? undefined : phrase`Motif : ${saying(reasonIn(reason))}`

  return {
    productSuspended: (product: string, until: Date | null, reason: string): Html =>
      paragraphs(
        phrase`⛔️ L’équipe a suspendu ${bold(title(product))}${ends(until)} : il n’est plus visible. Vos acheteurs gardent leur fichier.`,
        why(reason),
      ),
    productBanned: (product: string, reason: string, isWithdrawn: boolean): Html =>
      paragraphs(
        phrase`🚫 L’équipe a retiré ${bold(title(product))} de la vente, pour de bon.`,
        isWithdrawn
          ? phrase`Il est aussi repris à ceux qui l’ont acheté : chaque commande remboursée annule votre part.`
          : undefined,
        why(reason),
      ),
    productRestored: (product: string, isAppealed: boolean): Html =>
      isAppealed
        ? phrase`✅ Votre contestation est acceptée : ${bold(title(product))} est rétabli, et visible s’il est en vente.`
        : phrase`✅ ${bold(title(product))} est rétabli : il est de nouveau visible s’il est en vente.`,
    contentWithdrawn: (product: string, isPaid: boolean): Html =>
      isPaid
        ? phrase`🚫 ${bold(title(product))} a été retiré : son contenu est illégal ou dangereux. Il n’est plus dans votre bibliothèque, et vous serez remboursé : nous vous écrivons ici.`
        : phrase`🚫 ${bold(title(product))} a été retiré : son contenu est illégal ou dangereux. Il n’est plus dans votre bibliothèque.`,
    personSuspended: (until: Date | null, reason: string): Html =>
      paragraphs(
        phrase`⛔️ Votre compte est suspendu${ends(until)} : vous ne pouvez ni acheter ni vendre. Vos achats restent accessibles ; ce qui vous est dû reste à vous, et attend.`,
        why(reason),
      ),
    contentReturned: (product: string): Html =>
      phrase`✅ ${bold(title(product))}, qui avait été retiré, est rétabli : il est de nouveau dans votre bibliothèque, et vous gardez votre achat. Une question ? /support`,
    personRestored: (isAppealed: boolean): Html =>
      isAppealed
        ? phrase`✅ Votre contestation est acceptée : votre compte n’est plus suspendu. Heureux de vous revoir !`
        : phrase`✅ Votre compte n’est plus suspendu. Heureux de vous revoir !`,
    holdOver: phrase`✅ Le délai après votre changement d’adresse est passé : vos versements reprennent, à la nouvelle adresse.`,
    appeal: label`✋ Contester`,
    askAppeal: phrase`✋ Dites-nous pourquoi c’est une erreur, en un message. L’équipe le lit ; si c’en était une, tout est rétabli et vous l’apprenez ici.`,
    appealSent: label`C’est transmis à l’équipe.`,
    nothingToAppeal: label`Il n’y a plus rien à contester.`,
    appealFull: phrase`Avec ce que vous avez déjà écrit, c’est trop long : l’équipe a tout cela, et vous répond ici. Raccourcissez, ou attendez la réponse.`,
    tooManyAppeals: phrase`Vous avez déjà écrit trois fois aujourd’hui : l’équipe a vos messages. Vous pourrez écrire à nouveau demain.`,
    product: (product: ModeratedProductFacts): Html =>
      asCaption(
        paragraphs(
          phrase`📦 ${bold(title(product.title))} · ${code(product.code)}`,
          lines(
            dotted(escape(product.status), phrase`${escape(moderations[product.moderation])}${ends(product.until)}`),
            product.isWithdrawn ? phrase`Repris à ceux qui l’ont acheté` : undefined,
            why(product.reason),
            phrase`Ventes : ${product.sales} · possesseurs : ${product.owners}`,
            phrase`Vendeur ${name(product.sellerName)} · ${code(String(product.sellerId))}`,
          ),
        ),
      ),
    person: (who: ModeratedPersonFacts): Html =>
      asCaption(
        paragraphs(
          phrase`👤 ${bold(name(who.firstName))}${who.username === null ? phrase`` : phrase` @${name(who.username)}`} · ${code(String(who.id))}`,
          lines(
            phrase`${escape(who.status === 'suspended' ? label`suspendu` : who.status)}${ends(who.until)}`,
            why(who.reason),
            phrase`Achats payés : ${who.bought}`,
            who.shop === null
              ? undefined
              : phrase`Boutique ${name(who.shop.name)} · ${code(who.shop.code)} · produits : ${who.shop.products}`,
          ),
        ),
      ),
    productMeasures: {
      suspend: label`⛔️ Suspendre`,
      ban: label`🚫 Bannir`,
      withdraw: label`🔥 Reprendre aux acheteurs`,
      restore: label`✅ Rétablir`,
    } satisfies Record<ProductMeasure, string>,
    personMeasures: { suspend: label`⛔️ Suspendre`, restore: label`✅ Rétablir` } satisfies Record<
      PersonMeasure,
      string
    >,
    seller: label`👤 Le vendeur`,
    askDays: phrase`Jusqu’à quand ?`,
    days: (days: number): string => label`${days} jours`,
    noEnd: label`Sans fin`,
    askReason: phrase`Pour quel motif ? La personne le lira.`,
    reasons,
    askWords: phrase`Quelques mots de plus, que la personne lira (10 à 500 caractères) ?`,
    noWords: label`Sans commentaire`,
    confirm: ({ measure, about, days, reason, standing }: MeasureFacts): Html =>
      paragraphs(
        {
          suspend: phrase`Suspendre ${bold(title(about))} ${days === null ? phrase`sans fin` : phrase`pour ${days} jours`} ?`,
          ban: phrase`Retirer ${bold(title(about))} de la vente pour de bon ? Les acheteurs gardent leur fichier ; ce qui est en cours de paiement sera remboursé.`,
          withdraw: phrase`Reprendre ${bold(title(about))} à tous ceux qui l’ont ? Leurs droits finissent, leurs liens s’éteignent, et chaque commande payée devient un cas à rembourser. Rétablir le produit le rend à ceux qui n’ont pas été remboursés.`,
          restore: phrase`Rétablir ${bold(title(about))} ?`,
        }[measure],
        lines(...(standing === null ? [] : stands(standing)), why(reason)),
      ),
    yes: label`Oui, le faire`,
    done: label`C’est fait, et la personne est prévenue.`,
    notPossible: label`Cela ne se peut plus : regardez où cela en est.`,
    mayNot: label`Un administrateur ne peut pas être suspendu.`,
  }
}

export type ModerationTexts = ReturnType<typeof moderation>
