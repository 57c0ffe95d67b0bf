import { type DeliveryMethod } from '../../domain/delivery.ts'
import { bold, code, dotted, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type FileFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { name, title } from '../people.ts'

/** What accompanies a file, or a link to it. */
export const delivery = (format: Format) => {
  const about = ({ title: product, sellerName, fileNumber, sizeBytes, sha256 }: FileFacts): Html =>
    lines(
      bold(title(product)),
      phrase`par ${name(sellerName)}`,
      dotted(phrase`version ${fileNumber}`, format.size(sizeBytes)),
      phrase`SHA-256 : ${code(sha256.slice(0, 16))}…`,
    )
  const foot = (orderCode: string): Html =>
    lines(phrase`Commande ${code(orderCode)}`, phrase`Usage personnel, sauf mention contraire du vendeur.`)

  return {
    placeholder: (of: { readonly code: string }): Html => phrase`⏳ Votre fichier arrive… Commande ${code(of.code)}`,
    caption: (file: FileFacts): Html => asCaption(paragraphs(about(file), foot(file.orderCode))),
    link: (file: FileFacts & { readonly reason: 'too large' | 'not taken' }): Html =>
      asCaption(
        paragraphs(
          about(file),
          file.reason === 'too large'
            ? phrase`📦 Ce fichier est trop volumineux pour Telegram : téléchargez-le avec le bouton ci-dessous. Le lien est valable 24 h, et vous pourrez en redemander un dans votre bibliothèque.`
            : phrase`📦 Telegram n’accepte pas le fichier pour le moment : téléchargez-le avec le bouton ci-dessous. Le lien est valable 24 h, et vous pourrez en redemander un dans votre bibliothèque.`,
          foot(file.orderCode),
        ),
      ),
    linkButton: label`⬇️ Télécharger`,
    arrived: ({ code: orderCode, method }: { readonly code: string; readonly method: DeliveryMethod }): Html =>
      method === 'document'
        ? phrase`📎 Votre fichier est là. Bonne découverte ! Commande ${code(orderCode)}`
        : phrase`📎 Votre lien de téléchargement est là. Bonne découverte ! Commande ${code(orderCode)}`,
    trouble: ({ title: product, code: orderCode }: { readonly title: string; readonly code: string }): Html =>
      phrase`🎉 <b>Payé, merci !</b> Nous avons du mal à joindre Telegram : ${title(product)} est déjà dans votre bibliothèque, et nous réessayons. Commande ${code(orderCode)}`,
    problem: ({ title: product, code: orderCode }: { readonly title: string; readonly code: string }): Html =>
      phrase`⚠️ Nous avons un problème avec le fichier de ${bold(title(product))}. Une personne s’en occupe ; votre achat est en sécurité. Commande ${code(orderCode)}`,
    withdrawn: ({ title: product }: { readonly title: string }): Html =>
      phrase`${bold(title(product))} a été retiré et ne peut plus être téléchargé. Un remboursement est ouvert.`,
  }
}

export type DeliveryTexts = ReturnType<typeof delivery>
