import { bold, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type LibraryFacts } from '../facts.ts'
import { type LibraryTexts } from '../fr/library.ts'
import { type Format } from '../format.ts'
import { name, title } from '../people.ts'

export const library = (format: Format): LibraryTexts => {
  const versions = ({ boughtVersion, latestVersion }: LibraryFacts): Html =>
    boughtVersion === latestVersion
      ? phrase`Version ${boughtVersion}, the latest`
      : phrase`Version bought: ${boughtVersion} · latest: ${latestVersion}`
  const downloads = ({ downloads: count }: LibraryFacts): Html => {
    if (count === 0) return phrase`Not downloaded yet`
    return count === 1 ? phrase`Downloaded once` : phrase`Downloaded ${count} times`
  }

  return {
    entry: (owned: LibraryFacts): Html =>
      asCaption(
        paragraphs(
          phrase`📚 <b>My library</b>`,
          lines(bold(title(owned.title)), phrase`by ${name(owned.sellerName)}`),
          lines(
            owned.price === 0n ? phrase`Free` : phrase`Price paid: ${format.money(owned.price)}`,
            phrase`Bought on ${format.date(owned.boughtAt)}`,
            versions(owned),
            downloads(owned),
            phrase`Size: ${format.size(owned.sizeBytes)}`,
          ),
          owned.isPurged ? phrase`This product has left the shop; your copy stays yours.` : undefined,
        ),
      ),
    empty: phrase`📚 Your library is still empty. Whatever you buy is kept here, to be downloaded whenever you like.`,
    send: '📎 Send me the file',
    getLink: '🔗 Get a link',
    versions: 'Versions',
    chooseVersion: (product: string): Html => phrase`Which version of ${bold(title(product))} would you like?`,
    latestVersion: (number: number): string => `The latest · version ${number}`,
    boughtVersion: (number: number): string => `The one I bought · version ${number}`,
    place: (position: number, total: number): string => `${position}/${total}`,
    review: '⭐ Review',
    problem: 'A problem?',
    sellersShop: '🏪 Seller’s shop',
    announce: (product: string): Html => phrase`⏳ Your file is on its way: ${bold(title(product))}`,
    onItsWay: 'The file is already on its way.',
    sending: 'Here it comes, at the bottom of the chat.',
    notOwned: 'This product is not in your library.',
    tooOften: (nextAt: Date): string =>
      `You have asked for 10 files within an hour. You can ask again at ${format.time(nextAt)}.`,
    fileEnding: (product: string, endsAt: Date): Html =>
      paragraphs(
        phrase`⏳ ${bold(title(product))} was deleted by its seller long ago, and its file is kept until ${format.date(endsAt)}.`,
        phrase`Download it from /library before then: afterwards it is not there any more.`,
      ),
    newVersion: (product: string, number: number, changelog: string): Html =>
      paragraphs(
        phrase`✨ New version of ${bold(title(product))}: version ${number}.`,
        changelog === '' ? undefined : escape(changelog),
        phrase`It is waiting for you in /library.`,
      ),
  }
}
