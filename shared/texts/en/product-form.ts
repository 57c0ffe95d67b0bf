import { coinFacts } from '../../domain/coin.ts'
import { type Breakdown } from '../../domain/fee.ts'
import { type CoverRefusal, type FileRefusal } from '../../domain/notice.ts'
import { type PriceFault, type PriceRange } from '../../domain/price.ts'
import { type TextFault, type TextLimits } from '../../domain/product-text.ts'
import { bold, dotted, escape, type Html, html as phrase, italic, lines, paragraphs } from '../../telegram/html.ts'
import { type CoinChoice, type FileLimitFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { type ProductFormTexts } from '../fr/product-form.ts'
import { saying } from '../people.ts'
import { refusals } from './refusals.ts'

const reasons = refusals()

const families = phrase`Families we take: documents, video, audio, images, archives, design, code, fonts.`

export const productForm = (format: Format): ProductFormTexts => {
  const now = (value: string | null): Html | undefined =>
    value === null ? undefined : phrase`At the moment: ${bold(saying(value))}`
  const between = ({ least, most }: TextLimits): Html => phrase`${least} to ${most} characters`
  const coins = ({ offered, hidden }: CoinChoice): Html => {
    if (offered.length === 0) {
      return phrase`The minimums of the coins are not known right now: your buyers will see those that can carry this amount.`
    }
    const carried = dotted(...offered.map(({ coin }) => escape(coinFacts[coin].symbol)))
    const missing = hidden.flatMap(({ coin, minimum }) =>
      minimum === undefined ? [] : [phrase`${escape(coinFacts[coin].symbol)} from ${format.money(minimum)}`],
    )
    return lines(
      phrase`Can be paid in ${carried}.`,
      missing.length === 0 ? undefined : italic(phrase`Too small an amount for: ${dotted(...missing)}`),
    )
  }

  return {
    askTitle: (limits: TextLimits, current: string | null): Html =>
      paragraphs(
        phrase`<b>What is the title of your product?</b>`,
        phrase`${between(limits)}, on one line. Write it in the chat.`,
        now(current),
      ),
    askDescription: (limits: TextLimits, current: string | null): Html =>
      paragraphs(
        phrase`<b>Describe it to your buyers.</b>`,
        phrase`${between(limits)}. Line breaks are kept.`,
        now(current),
      ),
    textFault: ({ kind, length }: TextFault, { least, most }: TextLimits): Html =>
      kind === 'too short'
        ? phrase`That is a little short: ${length} character(s), it takes at least ${least}.`
        : phrase`That is too long: ${length} characters, at most ${most}. Nothing was cut: shorten it and send it again.`,
    askCategory: (current: string | null): Html =>
      paragraphs(phrase`<b>Which category does it belong to?</b>`, phrase`Pick one below.`, now(current)),
    categoryRule: phrase`Pick a category with the buttons.`,
    noCategory: phrase`This category is gone: pick another one.`,
    askPrice: ({ least, most }: PriceRange, current: bigint | null): Html =>
      paragraphs(
        phrase`<b>What is its price, in dollars?</b>`,
        phrase`0 (free), or ${format.money(least)} to ${format.money(most)}. For example: 12, 12.5 or $12.50. You earn this price in full: the fee comes on top, for the buyer.`,
        now(current === null ? null : format.money(current)),
      ),
    priceFault: (fault: PriceFault, { least, most }: PriceRange): Html => {
      const range = phrase`The price is 0 (free), or ${format.money(least)} to ${format.money(most)}.`
      switch (fault) {
        case 'not a number':
          return phrase`I cannot read a price here: write it in digits, such as 12, 12.5 or $12.50. ${range}`
        case 'negative':
          return phrase`A price cannot be negative. ${range}`
        case 'too many decimals':
          return phrase`Two digits after the point at most, such as 12.50. ${range}`
        case 'too low':
          return phrase`That is less than the lowest price. ${range}`
        case 'too high':
          return phrase`That is more than the highest price. ${range}`
      }
    },
    priced: ({ price, fee, total }: Breakdown, choice: CoinChoice): Html =>
      price === 0n
        ? phrase`💶 <b>Free</b>: no fee and no payment, the file goes out at once.`
        : lines(
            phrase`💶 Price: ${bold(format.money(price))}, all of it yours.`,
            phrase`The buyer pays ${format.money(price)} + ${format.money(fee)} fee = ${bold(format.money(total))}.`,
            coins(choice),
          ),
    askCover: (isPresent: boolean): Html =>
      paragraphs(
        phrase`<b>A cover picture?</b>`,
        phrase`Send a photo, or a JPG, PNG or WebP file of at most 5 MB: at least 200 × 200 pixels (800 × 600 advised), at most 10,000 a side. Without a picture we draw one.`,
        isPresent ? phrase`There is a picture already; the next one takes its place.` : undefined,
      ),
    coverRule: phrase`I expect a photo here, or a JPG, PNG or WebP file.`,
    coverRefused: (reason: CoverRefusal): Html => phrase`Picture refused: ${reasons.cover[reason]}`,
    askFile: ({ chatBytes, pageBytes }: FileLimitFacts, current: string | null): Html =>
      paragraphs(
        phrase`<b>The file to sell.</b>`,
        phrase`Send it here as a file up to ${format.size(chatBytes)}. Above that, and up to ${format.size(pageBytes)}, use the upload page.`,
        families,
        now(current),
      ),
    fileRule: phrase`I expect a file here: attach it as “File”, or Telegram compresses it.`,
    fileRefused: (reason: FileRefusal): Html =>
      reason === 'unsupported type' || reason === 'blocked type'
        ? lines(phrase`File refused: ${reasons.file[reason]}`, families)
        : phrase`File refused: ${reasons.file[reason]}`,
    fileTooLarge: (sizeBytes: bigint, { chatBytes, pageBytes }: FileLimitFacts): Html =>
      phrase`This file has ${format.size(sizeBytes)}: Telegram hands over only what fits into ${format.size(chatBytes)}. Use the upload page below, up to ${format.size(pageBytes)}.`,
    quotaFull: (used: bigint, limit: bigint): Html =>
      phrase`Your space is full: ${format.size(used)} of ${format.size(limit)}. Delete a product or replace a large file, then send this one again.`,
    openPage: '🌐 Upload page',
    askUpload: ({ pageBytes }: FileLimitFacts): Html =>
      paragraphs(
        phrase`<b>Upload page</b>`,
        phrase`Open it on this phone or on a computer: it takes a file of up to ${format.size(pageBytes)}, and goes on where it stood after an interruption. The link is yours alone and good for 48 hours.`,
        phrase`Then come back here.`,
      ),
    goToPage: '🌐 Open the page',
    pageDone: '✅ I have sent it',
    nothingArrived: phrase`Nothing has arrived yet. Wait until the page says “sent”, then try again.`,
    askChangelog: (limits: TextLimits): Html =>
      paragraphs(
        phrase`<b>What is new in this version?</b>`,
        phrase`One line for your buyers, at most ${limits.most} characters. From now on they get the new version; the old one stays on sale until the new one is verified.`,
      ),
    skip: 'Skip',
    keepIt: 'Keep it as it is',
    summary: 'This is what your buyers will see',
    fileWaiting: '⏳ file: being checked…',
    coverWaiting: '⏳ picture: being prepared…',
    lacking: phrase`⚠️ Something is still missing: complete the step below.`,
    publish: '🚀 Publish',
    editStep: '✏️ Edit a step',
    keepDraft: '💾 Keep as draft',
    refresh: '🔄 Refresh',
    chooseStep: phrase`<b>Which step would you like to edit?</b>`,
    buttonsRule: phrase`Use the buttons below.`,
    moderated: phrase`Our team withdrew this product: it cannot be published. Write to /support.`,
    gone: phrase`This product is not there any more, or you may not sell at the moment. Leave with /cancel.`,
    left: 'The form is closed. The draft stays in “My products” for 30 days.',
    editLeft: 'Nothing else was changed.',
    continue: 'Continue',
  }
}
