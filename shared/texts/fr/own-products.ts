import { type Cents } from '../../domain/money.ts'
import { bold, code, dotted, type Html, lines, nothing, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type OwnProductFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { reasonIn } from './moderation-reasons.ts'
import { label, phrase } from '../french.ts'
import { saying, title } from '../people.ts'
import { refusals } from './refusals.ts'

const reasons = refusals()

/** What sellers see of their own products. */
export const ownProducts = (format: Format) => {
  const untitled = label`Brouillon sans titre`
  const named = (product: string | null): Html => bold(title(product ?? untitled))
  const price = (amount: Cents): Html => (amount === 0n ? phrase`Gratuit` : format.money(amount))
  const until = (at: Date | null): Html => (at === null ? nothing : phrase` jusqu’au ${format.date(at)}`)
  const state = (product: OwnProductFacts): Html => {
    switch (product.state) {
      case 'draft':
        return phrase`📝 Brouillon`
      case 'processing':
        return phrase`⏳ En cours de vérification`
      case 'active':
        return phrase`🟢 En vente`
      case 'inactive':
        return phrase`⏸ Retiré de la vente`
      case 'withdrawn':
        return phrase`🚫 Retiré par l’équipe${until(product.until)}`
    }
  }
  const reason = ({ state: kind, reason: why }: OwnProductFacts): Html | undefined =>
    kind === 'withdrawn'
      ? phrase`Motif : ${saying(why === null ? label`non précisé` : reasonIn(why))}. Vous ne pouvez pas le remettre en vente vous-même ; pour contester, écrivez à /support.`
      : undefined
  const figures = ({ sales, views }: OwnProductFacts): Html =>
    dotted(
      phrase`${format.count(sales)} ${sales > 1n ? phrase`ventes` : phrase`vente`}`,
      phrase`${format.count(views)} ${views > 1n ? phrase`vues` : phrase`vue`}`,
      views === 0n ? undefined : phrase`conversion ${format.decimal((Number(sales) * 100) / Number(views))} %`,
    )
  const stars = ({ ratingSum, reviewsCount }: OwnProductFacts): Html | undefined =>
    reviewsCount === 0n
      ? undefined
      : phrase`★ ${format.decimal(Number(ratingSum) / Number(reviewsCount))} (${format.count(reviewsCount)})`
  const size = ({ file }: OwnProductFacts): Html | undefined =>
    file === null ? undefined : phrase`${format.size(file.sizeBytes)} · version ${file.number}`
  const news = (product: OwnProductFacts): Html =>
    lines(
      product.waitingFile === null
        ? undefined
        : phrase`⏳ Fichier en cours de vérification : ${saying(product.waitingFile)}`,
      product.isCoverWaiting ? phrase`⏳ Image en préparation` : undefined,
      product.fileRefusal === null
        ? undefined
        : phrase`⚠️ Dernier fichier refusé : ${reasons.file[product.fileRefusal]}`,
      product.coverRefusal === null
        ? undefined
        : phrase`⚠️ Dernière image refusée : ${reasons.cover[product.coverRefusal]}`,
      product.file?.isWhole === false
        ? phrase`⚠️ Ce fichier est abîmé dans notre stockage : renvoyez-le pour pouvoir vendre à nouveau.`
        : undefined,
    )

  return {
    untitled,
    card: (product: OwnProductFacts): Html =>
      asCaption(
        paragraphs(
          phrase`🗂 <b>Mes produits</b>`,
          lines(
            named(product.title),
            dotted(product.price === null ? undefined : price(product.price), state(product)),
            reason(product),
          ),
          lines(figures(product), dotted(stars(product), size(product))),
          news(product),
          phrase`Code produit : ${code(product.code)}`,
        ),
      ),
    empty: phrase`🗂 <b>Mes produits</b>\n\nVous n’avez encore aucun produit. Créez le premier : un titre, un prix, un fichier, et il est en vente.`,
    place: (position: number, total: number): string => label`${position}/${total}`,
    mine: label`🗂 Mes produits`,
    create: label`➕ Nouveau produit`,
    edit: label`✏️ Modifier`,
    resume: label`📝 Continuer le brouillon`,
    see: label`🗂 Voir le produit`,
    share: label`↗️ Partager`,
    shareShop: label`↗️ Partager ma boutique`,
    activate: label`🟢 Remettre en vente`,
    deactivate: label`⏸ Retirer de la vente`,
    remove: label`🗑 Supprimer`,
    refresh: label`🔄 Actualiser`,
    askSupport: label`Contester`,
    changeWhat: (product: string | null): Html => phrase`✏️ Que souhaitez-vous modifier dans ${named(product)} ?`,
    fields: {
      title: label`Titre`,
      description: label`Description`,
      category: label`Rayon`,
      price: label`Prix`,
      cover: label`Image`,
      file: label`Fichier`,
    },
    askRemoval: (product: string | null): Html =>
      phrase`🗑 Supprimer ${named(product)} ?\n\nPersonne ne l’a jamais commandé : tout disparaît pour de bon, le fichier et les images compris. C’est irréversible.`,
    askHiding: (product: string | null, openOrders: number): Html =>
      paragraphs(
        phrase`🗑 Supprimer ${named(product)} ?`,
        phrase`Il disparaît de la boutique, et vous ne le verrez plus ici. Vos acheteurs gardent leur fichier.`,
        openOrders === 0
          ? undefined
          : openOrders === 1
            ? phrase`Une commande est en cours : elle peut encore être payée, et sera honorée.`
            : phrase`${openOrders} commandes sont en cours : elles peuvent encore être payées, et seront honorées.`,
      ),
    removeNow: label`Oui, supprimer`,
    keep: label`Non, garder`,
    removed: label`Supprimé, avec son fichier et ses images.`,
    hidden: label`Supprimé de la boutique. Vos acheteurs gardent leur fichier.`,
    gone: label`Ce produit n’est plus là.`,
    activated: label`C’est de nouveau en vente.`,
    deactivated: label`Ce produit n’est plus en vente. Vos acheteurs gardent leur fichier.`,
    noFile: label`Il manque un fichier vérifié : envoyez-le d’abord par [Modifier].`,
    moderated: label`L’équipe a retiré ce produit : vous ne pouvez pas le remettre en vente vous-même.`,
    notSeller: label`Ouvrez d’abord votre boutique : /sell`,
    mayNotSell: label`Vous ne pouvez rien vendre pour le moment.`,
  }
}

export type OwnProductTexts = ReturnType<typeof ownProducts>
