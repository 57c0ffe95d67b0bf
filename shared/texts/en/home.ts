import { type Coin, coinFacts } from '../../domain/coin.ts'
import { bold, escape, type Html, html as phrase, paragraphs } from '../../telegram/html.ts'
import { type CommandTexts, type GroupTexts, type HomeTexts } from '../fr/home.ts'

export const home = (): HomeTexts => ({
  welcome: (coins: readonly Coin[]): Html =>
    paragraphs(
      bold(phrase`Welcome to Comptoir 👋`),
      phrase`Guides, tools and digital creations, made and sold by independent people. Pay in crypto, get the file right here, and keep it for ever.`,
      phrase`💳 We accept ${escape(coins.map((coin) => coinFacts[coin].symbol).join(', '))}`,
    ),
  browse: '🛍 Browse',
  search: '🔎 Search',
  library: '📚 My library',
  orders: '🧾 My orders',
  sell: '💼 Sell',
  myShop: '🏪 My shop',
  support: '💬 Support',
  nowhere: phrase`This link leads nowhere any more. Here is the front page: the shop itself is always open.`,
})

export const groups = (): GroupTexts => ({
  privateOnly: phrase`The shop is best visited one to one: open a private chat with me.`,
  open: 'Open the shop',
})

export const commands = (): CommandTexts => ({
  start: 'The shop’s front page',
  buy: 'Browse the products',
  sell: 'Sell your creations',
  library: 'What you bought, to download any time',
  orders: 'Your current and past orders',
  shop: 'Open a seller’s shop',
  stats: 'Your sales in figures',
  support: 'Get help',
  help: 'How it works',
  language: 'Change the language',
  privacy: 'Your data and how we protect it',
  terms: 'Terms of use',
  paysupport: 'Help with a payment',
  mydata: 'Your data and your receipts by e-mail',
  cancel: 'Leave the current form',
})
