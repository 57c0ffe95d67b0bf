import { type TextLimits } from '../../domain/product-text.ts'
import { bold, code, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { longestCaption, withElastic } from '../../telegram/text-length.ts'
import { type HeldFacts, type MoneyFacts, type ShopFacts } from '../facts.ts'
import { type DeskTexts } from '../fr/desk.ts'
import { type Format } from '../format.ts'
import { name } from '../people.ts'

export const desk = (format: Format): DeskTexts => ({
  dashboard: (shop: ShopFacts, money: MoneyFacts): Html =>
    paragraphs(
      phrase`🏪 ${bold(name(shop.name))}`,
      lines(
        phrase`📦 Products: ${money.activeProducts} of ${money.products} on sale`,
        phrase`🧾 Sales: ${format.count(money.sales)}`,
        phrase`💰 Earned: ${bold(format.money(money.earned))}`,
      ),
      lines(
        phrase`⏳ Held: ${format.money(money.held)}`,
        phrase`✅ Available: ${format.money(money.available)}`,
        money.batched === 0n ? undefined : phrase`📤 Being paid out: ${format.money(money.batched)}`,
        phrase`🏦 Paid out: ${format.money(money.paid)}`,
      ),
      phrase`💾 Storage: ${format.size(shop.takenBytes)} of ${format.size(shop.quotaBytes)}`,
      lines(...alerts(shop, format)),
    ),
  balance: '💰 Balance',
  shopLink: '🔗 Shop link',
  settings: '⚙️ Settings',
  toDesk: '‹ Dashboard',
  balanceCard: (shop: ShopFacts, money: MoneyFacts, held: readonly HeldFacts[], more: number): Html =>
    paragraphs(
      bold(phrase`💰 Your balance`),
      lines(
        phrase`⏳ Held: ${bold(format.money(money.held))}`,
        ...held.map(
          ({ orderCode, amount, until }) =>
            phrase`• ${format.money(amount)} · order ${code(orderCode)} · ${format.moment(until)}`,
        ),
        more > 0 ? phrase`• and ${more} more, later` : undefined,
      ),
      lines(
        phrase`✅ Available: ${bold(format.money(money.available))}`,
        phrase`📤 Being paid out: ${format.money(money.batched)}`,
        phrase`🏦 Paid out so far: ${format.money(money.paid)}`,
        money.corrections === 0n
          ? undefined
          : phrase`↩️ Of which corrections after refunds: ${format.money(money.corrections)}`,
      ),
      phrase`Each sale is held before it is available, then paid in USDT on Solana, without any cost to you.`,
      lines(...alerts(shop, format)),
    ),
  share: (address: string): Html =>
    paragraphs(phrase`🔗 The link of your shop, to share wherever you like:`, code(address)),
  shareButton: '📣 Share',
  shareText: (shop: string): string => `The shop of ${shop} on Telegram`,
  settingsCard: (shop: ShopFacts, hasMail: boolean): Html =>
    withElastic(longestCaption, shop.bio, (bio) =>
      paragraphs(
        bold(phrase`⚙️ Settings of your shop`),
        lines(
          phrase`Name: ${bold(name(shop.name))}`,
          bio === '' ? phrase`Presentation: none` : phrase`Presentation: ${bio}`,
        ),
        lines(
          shop.email === null ? phrase`E-mail: none` : phrase`E-mail: ${escape(shop.email)}`,
          shop.email === null ? undefined : emailState(shop.isEmailVerified, hasMail),
          shop.address === null ? phrase`Solana address: none` : phrase`Solana address: ${code(shop.address)}`,
        ),
        lines(...alerts(shop, format)),
      ),
    ),
  changeName: '✏️ Name',
  changeBio: '✏️ Presentation',
  changeEmail: '✉️ E-mail',
  changeAddress: '👛 Solana address',
  notices: {
    sales: { on: '🔔 Sales: on', off: '🔕 Sales: off' },
    published: { on: '🔔 Publications: on', off: '🔕 Publications: off' },
  },
  pause: '⏸ Pause the shop',
  resume: '▶️ Open it again',
  close: 'Close my seller account',
  paused: 'Your shop is paused: nothing of it can be seen.',
  resumed: 'Your shop is open again: your products can be seen.',
  askClose: phrase`<b>Close your seller account?</b>

All of your products are deleted. Your buyers keep what they bought, and open orders are honoured. Your library and your own purchases stay.`,
  closeNow: 'Yes, close everything',
  closed: 'Your seller account is closed. You can open one again whenever you like.',
  balanceLeft: (owed: bigint): Html =>
    owed > 0n
      ? phrase`${bold(format.money(owed))} are still to be paid to you: the account can be closed once your balance is zero.`
      : phrase`${bold(format.money(0n - owed))} are to be settled after a refund: the account can be closed once your balance is zero.`,
  saved: 'Saved.',
  unchanged: 'Nothing changed.',
  notSeller: 'Open your shop first.',
  askName: (current: string, { least, most }: TextLimits): Html =>
    paragraphs(
      phrase`What is your shop called? From ${least} to ${most} characters.`,
      phrase`Today: ${bold(name(current))}`,
    ),
  askBio: (current: string, { most }: TextLimits): Html =>
    withElastic(longestCaption - 100, current, (bio) =>
      paragraphs(
        phrase`Introduce yourself in at most ${most} characters.`,
        bio === '' ? undefined : phrase`Today: ${bio}`,
      ),
    ),
  noBio: 'No presentation',
  askNewEmail: (current: string | null): Html =>
    paragraphs(
      phrase`What is your new e-mail address?`,
      current === null ? undefined : phrase`Today: ${escape(current)}`,
    ),
  holdWarning: (hours: number): Html => phrase`For your safety, payouts wait ${hours} h after a change of address.`,
  addressChanged: (address: string, until: Date): Html =>
    paragraphs(
      phrase`👛 <b>Your payout address was changed</b>`,
      code(address),
      phrase`Your payouts wait until ${format.moment(until)}. If this was not you, block them at once.`,
    ),
  emailChanged: (email: string): Html =>
    paragraphs(
      phrase`✉️ <b>The e-mail address of your shop was changed</b>`,
      escape(email),
      phrase`If this was not you, block your payouts at once.`,
    ),
  notMe: 'This was not me',
  frozen: phrase`🔒 Your payouts are blocked and the administrators are told. Secure your Telegram account (password, active sessions); somebody will answer you in /support.`,
})

function alerts(shop: ShopFacts, format: Format): (Html | undefined)[] {
  return [
    shop.isSuspended ? phrase`⛔️ Your account is suspended: nothing of it can be seen.` : undefined,
    shop.isFrozen ? phrase`🔒 Payouts are blocked as you asked: write to /support.` : undefined,
    shop.address === null ? phrase`⚠️ Add a Solana address to be paid.` : undefined,
    shop.heldUntil === null
      ? undefined
      : phrase`⏳ Address changed: payouts wait until ${format.moment(shop.heldUntil)}.`,
    shop.mustVerify ? phrase`✉️ Confirm your e-mail address: until then we do not write to you.` : undefined,
    shop.isPaused ? phrase`⏸ Shop paused: nothing of it can be seen.` : undefined,
  ]
}

const emailState = (isVerified: boolean, hasMail: boolean): Html => {
  if (isVerified) return phrase`✅ verified`
  return hasMail ? phrase`⚠️ not verified` : phrase`⚠️ not verified: this shop cannot send e-mails`
}
