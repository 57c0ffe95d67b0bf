import { type DeliveryMethod } from '../../domain/delivery.ts'
import { bold, code, dotted, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type FileFacts } from '../facts.ts'
import { type DeliveryTexts } from '../fr/delivery.ts'
import { type Format } from '../format.ts'
import { name, title } from '../people.ts'

export const delivery = (format: Format): DeliveryTexts => {
  const about = ({ title: product, sellerName, fileNumber, sizeBytes, sha256 }: FileFacts): Html =>
    lines(
      bold(title(product)),
      phrase`by ${name(sellerName)}`,
      dotted(phrase`version ${fileNumber}`, format.size(sizeBytes)),
      phrase`SHA-256: ${code(sha256.slice(0, 16))}…`,
    )
  const foot = (orderCode: string): Html =>
    lines(phrase`Order ${code(orderCode)}`, phrase`Personal use unless the seller says otherwise.`)

  return {
    placeholder: (of: { readonly code: string }): Html => phrase`⏳ Your file is on its way… Order ${code(of.code)}`,
    caption: (file: FileFacts): Html => asCaption(paragraphs(about(file), foot(file.orderCode))),
    link: (file: FileFacts & { readonly reason: 'too large' | 'not taken' }): Html =>
      asCaption(
        paragraphs(
          about(file),
          file.reason === 'too large'
            ? phrase`📦 This file is too large for Telegram: please download it with the button below. The link is valid for 24 h, and your library has new ones any time.`
            : phrase`📦 Telegram is not taking the file right now: please download it with the button below. The link is valid for 24 h, and your library has new ones any time.`,
          foot(file.orderCode),
        ),
      ),
    linkButton: '⬇️ Download',
    arrived: ({ code: orderCode, method }: { readonly code: string; readonly method: DeliveryMethod }): Html =>
      method === 'document'
        ? phrase`📎 Your file is here. Enjoy! Order ${code(orderCode)}`
        : phrase`📎 Your download link is here. Enjoy! Order ${code(orderCode)}`,
    trouble: ({ title: product, code: orderCode }: { readonly title: string; readonly code: string }): Html =>
      phrase`🎉 <b>Paid, thank you!</b> We have trouble reaching Telegram: ${title(product)} is already in your library, and we keep trying. Order ${code(orderCode)}`,
    problem: ({ title: product, code: orderCode }: { readonly title: string; readonly code: string }): Html =>
      phrase`⚠️ We have a problem with the file of ${bold(title(product))}. A person is on it; your purchase is safe. Order ${code(orderCode)}`,
    withdrawn: ({ title: product }: { readonly title: string }): Html =>
      phrase`${bold(title(product))} was withdrawn and can no longer be downloaded. A refund has been opened.`,
  }
}
