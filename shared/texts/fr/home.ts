import { type Coin, coinFacts } from '../../domain/coin.ts'
import { bold, escape, type Html, paragraphs } from '../../telegram/html.ts'
import { label, phrase } from '../french.ts'

/** The door: home, the links that lead in, and what the bot says in a group. */
export const home = () => ({
  welcome: (coins: readonly Coin[]): Html =>
    paragraphs(
      bold(phrase`Bienvenue chez Comptoir 👋`),
      phrase`Des guides, des outils et des créations numériques, choisis et vendus par des indépendants. Vous payez en crypto, le fichier arrive ici même, et il reste à vous pour toujours.`,
      phrase`💳 Acceptés : ${escape(coins.map((coin) => coinFacts[coin].symbol).join(', '))}`,
    ),
  browse: label`🛍 Parcourir`,
  search: label`🔎 Rechercher`,
  library: label`📚 Ma bibliothèque`,
  orders: label`🧾 Mes commandes`,
  sell: label`💼 Vendre`,
  myShop: label`🏪 Ma boutique`,
  support: label`💬 Aide`,
  nowhere: phrase`Ce lien ne mène plus nulle part. Voici l’accueil : la boutique, elle, est toujours ouverte.`,
})

export type HomeTexts = ReturnType<typeof home>

export const groups = () => ({
  privateOnly: phrase`La boutique vous reçoit en tête-à-tête : ouvrez une conversation privée avec moi.`,
  open: label`Ouvrir la boutique`,
})

export type GroupTexts = ReturnType<typeof groups>

/** What Telegram lists beside the message field. */
export const commands = () => ({
  start: label`Accueil de la boutique`,
  buy: label`Parcourir les produits`,
  sell: label`Vendre vos créations`,
  library: label`Vos achats, à télécharger quand vous voulez`,
  orders: label`Vos commandes en cours et passées`,
  shop: label`Ouvrir la boutique d’un vendeur`,
  stats: label`Vos ventes en chiffres`,
  support: label`Obtenir de l’aide`,
  help: label`Comment ça marche`,
  language: label`Changer de langue`,
  privacy: label`Vos données et leur protection`,
  terms: label`Conditions d’utilisation`,
  paysupport: label`Aide sur un paiement`,
  mydata: label`Vos données et vos reçus par e-mail`,
  cancel: label`Quitter le formulaire en cours`,
})

export type CommandTexts = ReturnType<typeof commands>
