import { type CleanedText, readLine, readParagraphs, type TextLimits } from './product-text.ts'
import { type PublicCode } from './public-code.ts'

export const shopNameLimits: TextLimits = { least: 2, most: 50 }
export const bioLimits: TextLimits = { least: 0, most: 500 }

export const readShopName = (text: string): CleanedText => readLine(text, shopNameLimits)
export const readBio = (text: string): CleanedText => readParagraphs(text, bioLimits)

/** What a new shop is called: as its seller is in Telegram, where that is a name. */
export function firstShopName(firstName: string, username: string | null, code: PublicCode): string {
  for (const candidate of [firstName, username ?? '']) {
    const name = readShopName(candidate)
    if (name.kind === 'text') return name.text
  }
  return `Seller ${code}`
}
