import { coinFacts } from '../../domain/coin.ts'
import { type Breakdown } from '../../domain/fee.ts'
import { type CoverRefusal, type FileRefusal } from '../../domain/notice.ts'
import { type PriceFault, type PriceRange } from '../../domain/price.ts'
import { type TextFault, type TextLimits } from '../../domain/product-text.ts'
import { bold, dotted, escape, type Html, italic, lines, paragraphs } from '../../telegram/html.ts'
import { type CoinChoice, type FileLimitFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { saying } from '../people.ts'
import { refusals } from './refusals.ts'

const reasons = refusals()

const families = phrase`Familles acceptées : documents, vidéo, audio, images, archives, graphisme, code, polices.`

/** Putting a product on sale, question by question, and changing one. */
export const productForm = (format: Format) => {
  const now = (value: string | null): Html | undefined =>
    value === null ? undefined : phrase`Actuellement : ${bold(saying(value))}`
  const between = ({ least, most }: TextLimits): Html => phrase`${least} à ${most} caractères`
  const coins = ({ offered, hidden }: CoinChoice): Html => {
    if (offered.length === 0) {
      return phrase`Les minimums des monnaies ne sont pas connus pour l’instant : vos acheteurs verront celles qui peuvent porter ce montant.`
    }
    const carried = dotted(...offered.map(({ coin }) => escape(coinFacts[coin].symbol)))
    const missing = hidden.flatMap(({ coin, minimum }) =>
      minimum === undefined ? [] : [phrase`${escape(coinFacts[coin].symbol)} à partir de ${format.money(minimum)}`],
    )
    return lines(
      phrase`Payable en ${carried}.`,
      missing.length === 0 ? undefined : italic(phrase`Montant trop petit pour : ${dotted(...missing)}`),
    )
  }

  return {
    askTitle: (limits: TextLimits, current: string | null): Html =>
      paragraphs(
        phrase`<b>Quel est le titre de votre produit ?</b>`,
        phrase`${between(limits)}, sur une seule ligne. Écrivez-le dans la conversation.`,
        now(current),
      ),
    askDescription: (limits: TextLimits, current: string | null): Html =>
      paragraphs(
        phrase`<b>Décrivez-le à vos acheteurs.</b>`,
        phrase`${between(limits)}. Les retours à la ligne sont gardés.`,
        now(current),
      ),
    textFault: ({ kind, length }: TextFault, { least, most }: TextLimits): Html =>
      kind === 'too short'
        ? phrase`C’est un peu court : ${length} caractère(s), il en faut au moins ${least}.`
        : phrase`C’est trop long : ${length} caractères, ${most} au plus. Rien n’a été coupé : raccourcissez et renvoyez.`,
    askCategory: (current: string | null): Html =>
      paragraphs(phrase`<b>Dans quel rayon le ranger ?</b>`, phrase`Choisissez-en un ci-dessous.`, now(current)),
    categoryRule: phrase`Choisissez un rayon avec les boutons.`,
    noCategory: phrase`Ce rayon n’existe plus : choisissez-en un autre.`,
    askPrice: ({ least, most }: PriceRange, current: bigint | null): Html =>
      paragraphs(
        phrase`<b>Quel est son prix, en dollars ?</b>`,
        phrase`0 (gratuit), ou de ${format.money(least)} à ${format.money(most)}. Par exemple : 12, 12,5 ou 12,50 $. Vous touchez ce prix en entier : les frais s’ajoutent pour l’acheteur.`,
        now(current === null ? null : format.money(current)),
      ),
    priceFault: (fault: PriceFault, { least, most }: PriceRange): Html => {
      const range = phrase`Le prix est de 0 (gratuit), ou de ${format.money(least)} à ${format.money(most)}.`
      switch (fault) {
        case 'not a number':
          return phrase`Je ne lis pas de prix ici : écrivez-le en chiffres, comme 12, 12,5 ou 12,50 $. ${range}`
        case 'negative':
          return phrase`Un prix ne peut pas être négatif. ${range}`
        case 'too many decimals':
          return phrase`Deux chiffres au plus après la virgule, comme 12,50. ${range}`
        case 'too low':
          return phrase`C’est moins que le prix minimum. ${range}`
        case 'too high':
          return phrase`C’est plus que le prix maximum. ${range}`
      }
    },
    priced: ({ price, fee, total }: Breakdown, choice: CoinChoice): Html =>
      price === 0n
        ? phrase`💶 <b>Gratuit</b> : ni frais ni paiement, le fichier part tout de suite.`
        : lines(
            phrase`💶 Prix : ${bold(format.money(price))}, entièrement pour vous.`,
            phrase`L’acheteur paie ${format.money(price)} + ${format.money(fee)} de frais = ${bold(format.money(total))}.`,
            coins(choice),
          ),
    askCover: (isPresent: boolean): Html =>
      paragraphs(
        phrase`<b>Une image de couverture ?</b>`,
        phrase`Envoyez une photo, ou un fichier JPG, PNG ou WebP de 5 Mo au plus : au moins 200 × 200 pixels (800 × 600 conseillés), 10 000 au plus par côté. Sans image, nous en dessinons une.`,
        isPresent ? phrase`Une image est déjà là ; la prochaine la remplacera.` : undefined,
      ),
    coverRule: phrase`J’attends ici une photo, ou un fichier JPG, PNG ou WebP.`,
    coverRefused: (reason: CoverRefusal): Html => phrase`Image refusée : ${reasons.cover[reason]}`,
    askFile: ({ chatBytes, pageBytes }: FileLimitFacts, current: string | null): Html =>
      paragraphs(
        phrase`<b>Le fichier à vendre.</b>`,
        phrase`Envoyez-le ici comme fichier jusqu’à ${format.size(chatBytes)}. Au-delà, et jusqu’à ${format.size(pageBytes)}, passez par la page d’envoi.`,
        families,
        now(current),
      ),
    fileRule: phrase`J’attends ici un fichier : joignez-le comme « Fichier », sinon Telegram le compresse.`,
    fileRefused: (reason: FileRefusal): Html =>
      reason === 'unsupported type' || reason === 'blocked type'
        ? lines(phrase`Fichier refusé : ${reasons.file[reason]}`, families)
        : phrase`Fichier refusé : ${reasons.file[reason]}`,
    fileTooLarge: (sizeBytes: bigint, { chatBytes, pageBytes }: FileLimitFacts): Html =>
      phrase`Ce fichier fait ${format.size(sizeBytes)} : Telegram ne nous transmet que ce qui tient en ${format.size(chatBytes)}. Utilisez la page d’envoi ci-dessous, jusqu’à ${format.size(pageBytes)}.`,
    quotaFull: (used: bigint, limit: bigint): Html =>
      phrase`Votre espace est plein : ${format.size(used)} sur ${format.size(limit)}. Supprimez un produit ou remplacez un gros fichier, puis renvoyez celui-ci.`,
    openPage: label`🌐 Page d’envoi`,
    askUpload: ({ pageBytes }: FileLimitFacts): Html =>
      paragraphs(
        phrase`<b>Page d’envoi</b>`,
        phrase`Ouvrez-la sur ce téléphone ou sur un ordinateur : elle prend un fichier jusqu’à ${format.size(pageBytes)}, et reprend où elle en était après une coupure. Le lien est à vous seul et vaut 48 heures.`,
        phrase`Revenez ensuite ici.`,
      ),
    goToPage: label`🌐 Ouvrir la page`,
    pageDone: label`✅ C’est envoyé`,
    nothingArrived: phrase`Rien n’est encore arrivé. Attendez que la page dise « envoyé », puis essayez à nouveau.`,
    askChangelog: (limits: TextLimits): Html =>
      paragraphs(
        phrase`<b>Qu’est-ce qui change dans cette version ?</b>`,
        phrase`Une ligne pour vos acheteurs, ${limits.most} caractères au plus. Ils recevront désormais la nouvelle version ; l’ancienne reste en vente jusqu’à ce que la nouvelle soit vérifiée.`,
      ),
    skip: label`Passer`,
    keepIt: label`Garder tel quel`,
    summary: label`Voici ce que verront vos acheteurs`,
    fileWaiting: label`⏳ fichier : vérification en cours…`,
    coverWaiting: label`⏳ image : préparation en cours…`,
    lacking: phrase`⚠️ Il manque encore quelque chose : complétez l’étape ci-dessous.`,
    publish: label`🚀 Publier`,
    editStep: label`✏️ Modifier une étape`,
    keepDraft: label`💾 Garder en brouillon`,
    refresh: label`🔄 Actualiser`,
    chooseStep: phrase`<b>Quelle étape souhaitez-vous modifier ?</b>`,
    buttonsRule: phrase`Utilisez les boutons ci-dessous.`,
    moderated: phrase`L’équipe a retiré ce produit : il ne peut pas être publié. Écrivez à /support.`,
    gone: phrase`Ce produit n’est plus là, ou vous ne pouvez pas vendre pour le moment. Quittez avec /cancel.`,
    left: label`Le formulaire est fermé. Le brouillon reste dans « Mes produits » pendant 30 jours.`,
    editLeft: label`Rien d’autre n’a été changé.`,
    continue: label`Continuer`,
  }
}

export type ProductFormTexts = ReturnType<typeof productForm>
