import { bold, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type LibraryFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { name, title } from '../people.ts'

/** What a buyer owns. */
export const library = (format: Format) => {
  const versions = ({ boughtVersion, latestVersion }: LibraryFacts): Html =>
    boughtVersion === latestVersion
      ? phrase`Version ${boughtVersion}, la plus récente`
      : phrase`Version achetée : ${boughtVersion} · la plus récente : ${latestVersion}`
  const downloads = ({ downloads: count }: LibraryFacts): Html => {
    if (count === 0) return phrase`Pas encore téléchargé`
    return count === 1 ? phrase`Téléchargé 1 fois` : phrase`Téléchargé ${count} fois`
  }

  return {
    entry: (owned: LibraryFacts): Html =>
      asCaption(
        paragraphs(
          phrase`📚 <b>Ma bibliothèque</b>`,
          lines(bold(title(owned.title)), phrase`par ${name(owned.sellerName)}`),
          lines(
            owned.price === 0n ? phrase`Gratuit` : phrase`Prix payé : ${format.money(owned.price)}`,
            phrase`Acheté le ${format.date(owned.boughtAt)}`,
            versions(owned),
            downloads(owned),
            phrase`Taille : ${format.size(owned.sizeBytes)}`,
          ),
          owned.isPurged
            ? phrase`Ce produit n’existe plus en boutique ; votre exemplaire, lui, reste à vous.`
            : undefined,
        ),
      ),
    empty: phrase`📚 Votre bibliothèque est encore vide. Ce que vous achetez s’y range tout seul, et se télécharge quand vous voulez.`,
    send: label`📎 M’envoyer le fichier`,
    getLink: label`🔗 Obtenir un lien`,
    versions: label`Versions`,
    chooseVersion: (product: string): Html =>
      phrase`Quelle version de ${bold(title(product))} souhaitez-vous recevoir ?`,
    latestVersion: (number: number): string => label`La plus récente · version ${number}`,
    boughtVersion: (number: number): string => label`Celle que j’ai achetée · version ${number}`,
    place: (position: number, total: number): string => label`${position}/${total}`,
    review: label`⭐ Donner mon avis`,
    problem: label`Un problème ?`,
    sellersShop: label`🏪 Boutique du vendeur`,
    announce: (product: string): Html => phrase`⏳ Votre fichier arrive : ${bold(title(product))}`,
    onItsWay: label`Le fichier est déjà en route.`,
    sending: label`C’est parti : le fichier arrive en bas de la conversation.`,
    notOwned: label`Ce produit n’est pas dans votre bibliothèque.`,
    tooOften: (nextAt: Date): string =>
      label`Vous avez demandé 10 fichiers en une heure. Prochaine demande possible à ${format.time(nextAt)}.`,
    fileEnding: (product: string, endsAt: Date): Html =>
      paragraphs(
        phrase`⏳ ${bold(title(product))} a été supprimé par son vendeur il y a longtemps, et son fichier est gardé jusqu’au ${format.date(endsAt)}.`,
        phrase`Téléchargez-le depuis /library avant cette date : ensuite il n’y sera plus.`,
      ),
    newVersion: (product: string, number: number, changelog: string): Html =>
      paragraphs(
        phrase`✨ Nouvelle version de ${bold(title(product))} : version ${number}.`,
        changelog === '' ? undefined : escape(changelog),
        phrase`Elle vous attend dans /library.`,
      ),
  }
}

export type LibraryTexts = ReturnType<typeof library>
