import { bold, code, dotted, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption, cut } from '../../telegram/text-length.ts'
import { type FreezeFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { type FreezeTexts } from '../fr/freezes.ts'
import { name } from '../people.ts'
import { stamp } from '../stamp.ts'

const fields = { address: 'address', email: 'e-mail' }

export const freezes = (format: Format): FreezeTexts => {
  const value = (text: string | null): Html => code(cut(text ?? '—', 60))

  return {
    waiting: (count: number): string => `🔒 Payouts blocked · ${count}`,
    list: (count: number): Html =>
      paragraphs(
        phrase`🔒 <b>Payouts blocked</b> · ${count}`,
        phrase`These sellers say that a change of their account was not made by them. They are paid nothing until it is checked.`,
      ),
    none: phrase`✅ No payout is blocked.`,
    entry: (shop: string, seller: string): string => `${shop} · ${cut(seller, 30)}`,
    one: ({ sellerId, shop, name: seller, frozenAt, address, changes }: FreezeFacts): Html =>
      asCaption(
        paragraphs(
          phrase`🔒 ${bold(name(seller))} · ${code(shop)}`,
          lines(
            phrase`Telegram: ${code(String(sellerId))}`,
            phrase`Blocked since: ${format.moment(frozenAt)}`,
            phrase`Paid to: ${value(address)}`,
          ),
          ...changes.map(({ field, old, new: now, at }) =>
            lines(dotted(code(stamp(at)), escape(fields[field])), phrase`${value(old)} → ${value(now)}`),
          ),
        ),
      ),
    lift: '🔓 Unblock',
    ask: ({ name: seller, address }: FreezeFacts): Html =>
      paragraphs(
        phrase`🔓 <b>Unblock the payouts of ${name(seller)}?</b>`,
        phrase`They will go to ${value(address)}. First make sure with the seller, in another way than this chat, that the address is theirs.`,
      ),
    liftNow: 'Checked: unblock',
    lifted: 'The payouts are unblocked, and the seller is told.',
    changed: 'Something has changed since: look at it once more.',
    openAgain: phrase`🔓 Your payouts are unblocked: an administrator has checked your account. Read your address once more in the settings of /sell.`,
  }
}
