import { type TextLimits } from '../../domain/product-text.ts'
import { bold, code, escape, type Html, html, lines, paragraphs } from '../../telegram/html.ts'
import { longestCaption, withElastic } from '../../telegram/text-length.ts'
import { type HeldFacts, type MoneyFacts, type ShopFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'
import { name } from '../people.ts'

/** A seller's desk: figures, balance, settings. */
export const desk = (format: Format) => ({
  dashboard: (shop: ShopFacts, money: MoneyFacts): Html =>
    paragraphs(
      html`🏪 ${bold(name(shop.name))}`,
      lines(
        phrase`📦 Produits : ${money.activeProducts} en vente sur ${money.products}`,
        phrase`🧾 Ventes : ${format.count(money.sales)}`,
        phrase`💰 Gagné : ${bold(format.money(money.earned))}`,
      ),
      lines(
        phrase`⏳ En attente : ${format.money(money.held)}`,
        phrase`✅ Disponible : ${format.money(money.available)}`,
        money.batched === 0n ? undefined : phrase`📤 Versement en cours : ${format.money(money.batched)}`,
        phrase`🏦 Versé : ${format.money(money.paid)}`,
      ),
      phrase`💾 Espace : ${format.size(shop.takenBytes)} sur ${format.size(shop.quotaBytes)}`,
      lines(...alerts(shop, format)),
    ),
  balance: label`💰 Solde`,
  shopLink: label`🔗 Lien de la boutique`,
  settings: label`⚙️ Réglages`,
  toDesk: label`‹ Tableau de bord`,
  balanceCard: (shop: ShopFacts, money: MoneyFacts, held: readonly HeldFacts[], more: number): Html =>
    paragraphs(
      bold(phrase`💰 Votre solde`),
      lines(
        phrase`⏳ En attente : ${bold(format.money(money.held))}`,
        ...held.map(
          ({ orderCode, amount, until }) =>
            phrase`• ${format.money(amount)} · commande ${code(orderCode)} · le ${format.moment(until)}`,
        ),
        more > 0 ? phrase`• et ${more} autre(s), plus tard` : undefined,
      ),
      lines(
        phrase`✅ Disponible : ${bold(format.money(money.available))}`,
        phrase`📤 Versement en cours : ${format.money(money.batched)}`,
        phrase`🏦 Déjà versé : ${format.money(money.paid)}`,
        money.corrections === 0n
          ? undefined
          : phrase`↩️ Dont corrections après remboursement : ${format.money(money.corrections)}`,
      ),
      phrase`Chaque vente est gardée avant d’être disponible, puis versée en USDT sur Solana, sans frais pour vous.`,
      lines(...alerts(shop, format)),
    ),
  share: (address: string): Html =>
    paragraphs(phrase`🔗 Le lien de votre boutique, à partager où vous voulez :`, code(address)),
  shareButton: label`📣 Partager`,
  shareText: (shop: string): string => label`La boutique de ${shop} sur Telegram`,
  settingsCard: (shop: ShopFacts, hasMail: boolean): Html =>
    withElastic(longestCaption, shop.bio, (bio) =>
      paragraphs(
        bold(phrase`⚙️ Réglages de votre boutique`),
        lines(
          phrase`Nom : ${bold(name(shop.name))}`,
          bio === '' ? phrase`Présentation : aucune` : phrase`Présentation : ${bio}`,
        ),
        lines(
          shop.email === null ? phrase`E-mail : aucun` : phrase`E-mail : ${escape(shop.email)}`,
          shop.email === null ? undefined : emailState(shop.isEmailVerified, hasMail),
          shop.address === null ? phrase`Adresse Solana : aucune` : phrase`Adresse Solana : ${code(shop.address)}`,
        ),
        lines(...alerts(shop, format)),
      ),
    ),
  changeName: label`✏️ Nom`,
  changeBio: label`✏️ Présentation`,
  changeEmail: label`✉️ E-mail`,
  changeAddress: label`👛 Adresse Solana`,
  notices: {
    sales: { on: label`🔔 Ventes : oui`, off: label`🔕 Ventes : non` },
    published: { on: label`🔔 Mises en vente : oui`, off: label`🔕 Mises en vente : non` },
  },
  pause: label`⏸ Mettre en pause`,
  resume: label`▶️ Rouvrir`,
  close: label`Fermer mon compte vendeur`,
  paused: label`Votre boutique est en pause : plus rien n’est visible.`,
  resumed: label`Votre boutique est rouverte : vos produits sont de nouveau visibles.`,
  askClose: phrase`<b>Fermer votre compte vendeur ?</b>

Tous vos produits sont supprimés. Vos acheteurs gardent ce qu’ils ont acheté, et les commandes ouvertes sont honorées. Votre bibliothèque et vos achats restent.`,
  closeNow: label`Oui, tout fermer`,
  closed: label`Votre compte vendeur est fermé. Vous pourrez en rouvrir un quand vous voudrez.`,
  balanceLeft: (owed: bigint): Html =>
    owed > 0n
      ? phrase`Il reste ${bold(format.money(owed))} à vous verser : le compte se ferme une fois votre solde à zéro.`
      : phrase`Il reste ${bold(format.money(0n - owed))} à régler après un remboursement : le compte se ferme une fois votre solde à zéro.`,
  saved: label`C’est enregistré.`,
  unchanged: label`Rien n’a changé.`,
  notSeller: label`Ouvrez d’abord votre boutique.`,
  askName: (current: string, { least, most }: TextLimits): Html =>
    paragraphs(
      phrase`Quel nom porte votre boutique ? De ${least} à ${most} caractères.`,
      phrase`Aujourd’hui : ${bold(name(current))}`,
    ),
  askBio: (current: string, { most }: TextLimits): Html =>
    withElastic(longestCaption - 100, current, (bio) =>
      paragraphs(
        phrase`Présentez-vous en ${most} caractères au plus.`,
        bio === '' ? undefined : phrase`Aujourd’hui : ${bio}`,
      ),
    ),
  noBio: label`Sans présentation`,
  askNewEmail: (current: string | null): Html =>
    paragraphs(
      phrase`Quelle est votre nouvelle adresse e-mail ?`,
      current === null ? undefined : phrase`Aujourd’hui : ${escape(current)}`,
    ),
  holdWarning: (hours: number): Html =>
    phrase`Par sécurité, vos versements attendent ${hours} h après un changement d’adresse.`,
  addressChanged: (address: string, until: Date): Html =>
    paragraphs(
      phrase`👛 <b>Votre adresse de versement a changé</b>`,
      code(address),
      phrase`Vos versements attendent jusqu’au ${format.moment(until)}. Si ce n’est pas vous, bloquez-les tout de suite.`,
    ),
  emailChanged: (email: string): Html =>
    paragraphs(
      phrase`✉️ <b>L’adresse e-mail de votre boutique a changé</b>`,
      escape(email),
      phrase`Si ce n’est pas vous, bloquez vos versements tout de suite.`,
    ),
  notMe: label`Ce n’est pas moi`,
  frozen: phrase`🔒 Vos versements sont bloqués et l’administration est prévenue. Sécurisez votre compte Telegram (mot de passe, sessions actives) ; on vous répondra dans /support.`,
})

function alerts(shop: ShopFacts, format: Format): (Html | undefined)[] {
  return [
    shop.isSuspended ? phrase`⛔️ Votre compte est suspendu : rien n’est visible.` : undefined,
    shop.isFrozen ? phrase`🔒 Versements bloqués à votre demande : écrivez à /support.` : undefined,
    shop.address === null ? phrase`⚠️ Ajoutez une adresse Solana pour être payé.` : undefined,
    shop.heldUntil === null
      ? undefined
      : phrase`⏳ Adresse changée : les versements attendent jusqu’au ${format.moment(shop.heldUntil)}.`,
    shop.mustVerify ? phrase`✉️ Confirmez votre adresse e-mail : sans cela, nous ne vous écrivons pas.` : undefined,
    shop.isPaused ? phrase`⏸ Boutique en pause : rien n’est visible.` : undefined,
  ]
}

const emailState = (isVerified: boolean, hasMail: boolean): Html => {
  if (isVerified) return phrase`✅ vérifiée`
  return hasMail ? phrase`⚠️ non vérifiée` : phrase`⚠️ non vérifiée : l’envoi d’e-mails n’est pas disponible ici`
}

export type DeskTexts = ReturnType<typeof desk>
