import { type Badge } from '../../domain/product.ts'
import { bold, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { countedNumber, type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { name, title } from '../people.ts'

const badges: Readonly<Record<Badge, string>> = {
  'best-seller': '🔥 Meilleure vente',
  'top rated': '🏅 Très bien noté',
  popular: '👀 Populaire',
  new: '✨ Nouveau',
}

const fileKinds: Readonly<Record<string, string>> = {
  document: 'document',
  video: 'vidéo',
  audio: 'audio',
  image: 'image',
  archive: 'archive',
  design: 'fichier graphique',
  code: 'code source',
  font: 'police de caractères',
}

/** Browsing: categories, carousel, product page, shops, search. */
export const storefront = (format: Format) => ({
  browse: label`🛍 Parcourir`,
  search: label`🔎 Rechercher`,
  categories: phrase`🛍 <b>Rayons</b>\n\nQu’est-ce qui vous ferait plaisir ? Choisissez un rayon, ou écrivez-moi simplement ce que vous cherchez.`,
  nothingForSale: phrase`Rien n’est en vente pour le moment. Revenez bientôt, ou soyez la première personne à vendre : /sell.`,
  becomeSeller: label`💼 Devenir vendeur`,
  badges,
  by: (seller: string): string => label`par ${seller}`,
  stars: (sum: bigint, count: bigint): string =>
    label`★ ${format.decimal(Number(sum) / Math.max(1, Number(count)))} (${format.count(count)})`,
  sales: (count: bigint): string => label`${format.count(count)} ${count > 1n ? 'ventes' : 'vente'}`,
  buy: (price: string): string => label`Acheter · ${price}`,
  free: label`Gratuit · l’obtenir`,
  owned: label`Déjà à vous · télécharger`,
  place: (position: number, total: number): string => label`${countedNumber(position)}/${countedNumber(total)}`,
  details: label`Voir la fiche`,
  readAll: label`Lire toute la description`,
  sellersShop: label`🏪 Boutique du vendeur`,
  share: label`↗️ Partager`,
  preview: label`Aperçu`,
  previewOf: (product: string): Html => phrase`👀 Aperçu de ${bold(title(product))}`,
  contentsOf: (
    product: string,
    entries: readonly { readonly name: string; readonly sizeBytes: number }[],
    more: number,
  ): Html =>
    lines(
      phrase`🗂 Contenu de ${bold(title(product))}`,
      ...entries.map(({ name, sizeBytes }) => phrase`• ${title(name)} · ${format.size(sizeBytes)}`),
      more === 0 ? undefined : phrase`… et ${format.count(more)} de plus`,
    ),
  previewAway: label`Le stockage est occupé : réessayez l’aperçu dans un instant.`,
  reviews: (count: bigint): string => label`Avis (${format.count(count)})`,
  report: label`Signaler`,
  fileKinds: (kind: string): string => fileKinds[kind] ?? 'fichier',
  version: (number: number): string => label`version ${number}`,
  productCode: label`Code produit :`,
  executables: label`Ce fichier contient des programmes exécutables : ne les ouvrez que si vous faites confiance au vendeur.`,
  noLongerForSale: label`Ce produit n’est plus en vente.`,
  notForSale: phrase`Ce produit n’est plus en vente. Voici ce que nous pouvons vous proposer à la place.`,
  unknownShop: phrase`Je ne trouve pas cette boutique. Vérifiez son nom ou son code : <code>/shop @nom</code> ou <code>/shop CODE</code>.`,
  pausedShop: (shop: string): Html =>
    phrase`La boutique ${bold(name(shop))} fait une pause. Elle rouvrira bientôt ; en attendant, faites un tour dans les rayons.`,
  emptyShop: (shop: string): Html =>
    phrase`La boutique ${bold(name(shop))} n’a rien en vente pour le moment. Les autres rayons vous attendent.`,
  searchPrompt: phrase`🔎 <b>Recherche</b>\n\nÉcrivez quelques mots, ou le code d’un produit. Les accents et les majuscules n’ont pas d’importance.`,
  queryFault: (
    fault: { readonly kind: 'too short' | 'too long'; readonly length: number },
    { least, most }: { readonly least: number; readonly most: number },
  ): Html =>
    fault.kind === 'too short'
      ? phrase`C’est un peu court pour une recherche : écrivez au moins ${least} caractères.`
      : phrase`C’est trop long pour une recherche (${fault.length} caractères, ${most} au plus). Gardez deux ou trois mots.`,
  results: (query: string, total: number): Html =>
    phrase`🔎 « ${title(query)} » · ${format.count(total)} ${total > 1 ? phrase`résultats` : phrase`résultat`}`,
  nothingFound: (query: string): Html =>
    paragraphs(
      phrase`🔎 Aucun résultat pour « ${title(query)} ».`,
      phrase`Essayez un seul mot, ou une autre orthographe. Les rayons réservent aussi de belles surprises.`,
    ),
})

export type StorefrontTexts = ReturnType<typeof storefront>
