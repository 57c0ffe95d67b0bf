import { type PublicCode } from '../../shared/domain/public-code.ts'

/** Opens Telegram's own "send to…" with a link that leads to a product here. */
export const shareProductLink = (botUsername: string, product: PublicCode, title: string): string =>
  shareLink(`https://t.me/${botUsername}?start=p_${product}`, title)

/** The same for a seller's shop. */
export const shareShopLink = (botUsername: string, shop: PublicCode, name: string): string =>
  shareLink(`https://t.me/${botUsername}?start=s_${shop}`, name)

function shareLink(address: string, text: string): string {
  const url = new URL('https://t.me/share/url')
  url.searchParams.set('url', address)
  url.searchParams.set('text', text.toWellFormed())
  // a plus would be shown as one
  return url.href.replaceAll('+', '%20')
}
