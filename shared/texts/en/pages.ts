import { html as phrase } from '../../telegram/html.ts'
import { type PageTexts } from '../fr/pages.ts'

export const pages = (): PageTexts => ({
  help: phrase`<b>How it works</b>

🛍 <b>Buy</b>: /buy to browse, or just type what you are looking for. Choose a coin, pay to the address shown: the file comes right here.
📚 <b>Keep</b>: /library holds what you bought, to download as often as you like. /orders shows your orders.
💼 <b>Sell</b>: /sell opens your own shop. You earn 100 % of the displayed price.

/support Help · /paysupport Payments
/shop A seller’s shop · /stats Your sales
/language Language
/terms Terms · /privacy Privacy
/cancel Leave a form`,
  support: phrase`<b>Help</b>

A question about a purchase, a file or a seller? Most answers are in /help, and everything about payments is in /paysupport.

Your file won’t open? Ask for it again in /library: it is verified before it is sent, every time.

Never share your recovery phrase or your keys: we will never ask for them.`,
  terms: phrase`<b>Terms of use</b> · version of 24 November 2026

• Products are sold by their makers; the shop takes the payment and delivers.
• The displayed price goes to the seller. A fee is added, always shown before you pay.
• The file can be downloaded for ever, except after a refund or the removal of illegal content.
• Personal use unless the seller says otherwise; no resale, no sharing.
• Refund if the file is broken, clearly not as described, illegal, or cannot be delivered for 72 h. Please write within 24 h if you can.
• A crypto payment is final: check the amount, the coin and the network.
• Illegal, pirated or misleading content is removed, and its seller suspended.`,
  privacy: phrase`<b>Privacy</b> · version of 24 November 2026

• We keep your Telegram id, your first name, your orders and downloads. Nothing else, except what you write to us.
• Sellers never see who you are.
• No advertising, no tracking, no selling of data.
• The payment service gets the amount and the order code, never your name.
• Technical addresses are kept 30 days, logs 12 months at most, orders 10 years as accounting requires.
• For a copy of your data, or to have it deleted, ask /support.`,
  paysupport: phrase`<b>Help with payments</b>

• <b>Paid, but nothing moves?</b> Tap “Refresh” on the order. Solana takes 1–3 min, Ethereum 5–15, Bitcoin 10–30.
• <b>Sent too little?</b> The order offers to take the rest, or to refund you.
• <b>Sent too much, or paid twice?</b> The difference is noted, and can be refunded.
• <b>Too late?</b> The address is watched for 7 days: a full payment is honoured.
• <b>Another coin or network?</b> A person looks at it within 48 h.

<b>Refunds</b>: broken file, clearly not as described, illegal, or not delivered within 72 h. Paid back in the coin received, or in USDT.`,
  paysupportTitle: '💳 Help with a payment',
})
