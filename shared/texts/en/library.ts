import { bold, escape, type Html, html, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type LibraryFacts } from '../facts.ts'
import { type LibraryTexts } from '../fr/library.ts'
import { type Format } from '../format.ts'
import { name, title } from '../people.ts'

export const library = (format: Format): LibraryTexts => {
  const versions = ({ boughtVersion, latestVersion }: LibraryFacts): Html =>
    boughtVersion === latestVersion
      ? html`Version ${boughtVersion}, the latest`
      : html`Version bought: ${boughtVersion} · latest: ${latestVersion}`
  const downloads = ({ downloads: count }: LibraryFacts): Html => {
    if (count === 0) return html`Not downloaded yet`
    return count === 1 ? html`Downloaded once` : html`Downloaded ${count} times`
  }

  return {
    entry: (owned: LibraryFacts): Html =>
      asCaption(
        paragraphs(
          html`📚 <b>My library</b>`,
          lines(bold(title(owned.title)), html`by ${name(owned.sellerName)}`),
          lines(
            owned.price === 0n ? html`Free` : html`Price paid: ${format.money(owned.price)}`,
            html`Bought on ${format.date(owned.boughtAt)}`,
            versions(owned),
            downloads(owned),
            html`Size: ${format.size(owned.sizeBytes)}`,
          ),
          owned.isPurged ? html`This product has left the shop; your copy stays yours.` : undefined,
        ),
      ),
    empty: html`📚 Your library is still empty. Whatever you buy is kept here, to be downloaded whenever you like.`,
    send: '📎 Send me the file',
    getLink: '🔗 Get a link',
    versions: 'Versions',
    chooseVersion: (product: string): Html => html`Which version of ${bold(title(product))} would you like?`,
    latestVersion: (number: number): string => `The latest · version ${number}`,
    boughtVersion: (number: number): string => `The one I bought · version ${number}`,
    place: (position: number, total: number): string => `${position}/${total}`,
    review: '⭐ Review',
    problem: 'A problem?',
    sellersShop: '🏪 Seller’s shop',
    announce: (product: string): Html => html`⏳ Your file is on its way: ${bold(title(product))}`,
    onItsWay: 'The file is already on its way.',
    sending: 'Here it comes, at the bottom of the chat.',
    notOwned: 'This product is not in your library.',
    tooOften: (nextAt: Date): string =>
      `You have asked for 10 files within an hour. You can ask again at ${format.time(nextAt)}.`,
    newVersion: (product: string, number: number, changelog: string): Html =>
      paragraphs(
        html`✨ New version of ${bold(title(product))}: version ${number}.`,
        changelog === '' ? undefined : escape(changelog),
        html`It is waiting for you in /library.`,
      ),
  }
}
