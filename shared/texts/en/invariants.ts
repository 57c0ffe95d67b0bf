import { type PayoutBlock } from '../../domain/invariant.ts'
import { bold, code, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption, cut } from '../../telegram/text-length.ts'
import { type FindingFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { type InvariantTexts } from '../fr/invariants.ts'

const sentences: Readonly<Record<PayoutBlock, string>> = {
  'entries-balance': 'a ledger entry does not add up to zero',
  'sales-are-booked': 'the sales in the books are not those of the orders that were ever paid',
  'one-share-per-sale': 'an order that was paid has no share for its seller, or a free one has one',
  'fees-by-the-rule': 'a fee does not follow its rule',
  'rights-follow-payment': 'an order is paid without a right to its file, or the right outlived its order',
  'paid-with-money': 'money was counted as received that no settled payment accounts for',
  'paid-is-delivered': 'a paid order has no delivery, or an unpaid one has one',
  'payments-move-forward': 'a payment went back',
  'orders-are-where-they-say': 'an order is not where its dates say',
  'owned-files-are-kept': 'somebody owns a version that was purged or never verified',
  'visible-is-verified': 'a product is visible with a file or a picture that was not verified',
  'balances-are-shares': "a seller's balance in the books is not the sum of their shares",
  'payouts-hold-their-shares': 'a payout is not the sum of its shares',
  'no-early-payout': 'a share is available before its hold is over',
  'quota-reserved': 'what the quota holds for files on their way is not what is on its way',
  'quota-used': 'what the quota counts as used is not what a seller keeps',
  'restored-is-compared': 'the database was restored: compare with the wallet what was paid since that backup',
  'ratings-add-up': 'ratings do not add up',
  'not-checked-lately': 'nothing was checked for three hours: is the janitor stopped?',
}

const isKnown = (name: string): name is PayoutBlock => Object.hasOwn(sentences, name)

export const invariants = (format: Format): InvariantTexts => {
  const says = (name: string): string => (isKnown(name) ? sentences[name] : name)

  return {
    says,
    waiting: (count: number): string => `⛔ What must never be · ${count}`,
    list: (blocking: number): Html =>
      paragraphs(
        phrase`⛔ <b>What must never be</b>`,
        blocking === 0
          ? phrase`All of it is acknowledged: payouts may go on.`
          : phrase`No seller is paid until ${blocking} of these findings are acknowledged.`,
      ),
    none: phrase`✅ Books, rights, files and quotas agree.`,
    unchecked: phrase`⛔ No seller is paid: ${escape(sentences['not-checked-lately'])}`,
    entry: (name: string, count: number, isAcknowledged: boolean): string =>
      `${isAcknowledged ? '☑️' : '⛔'} ${count} · ${says(name)}`,
    one: ({ name, count, refs, firstSeenAt, lastSeenAt, acknowledgedAt }: FindingFacts): Html =>
      asCaption(
        paragraphs(
          phrase`⛔ ${bold(escape(says(name)))}`,
          lines(
            phrase`How many: ${count}`,
            phrase`First seen: ${format.moment(firstSeenAt)}`,
            phrase`Last seen: ${format.moment(lastSeenAt)}`,
            acknowledgedAt === null ? undefined : phrase`Acknowledged: ${format.moment(acknowledgedAt)}`,
          ),
          phrase`Where: ${code(cut(refs.join(', '), 400))}`,
        ),
      ),
    acknowledge: 'Acknowledge',
    ask: (name: string): Html =>
      paragraphs(
        phrase`Acknowledge: ${bold(escape(says(name)))}`,
        phrase`Sellers may then be paid in spite of this finding. If it gets worse, payouts stop again and you are told. Your name is kept with this decision.`,
      ),
    acknowledgeNow: 'Yes, pay in spite of it',
    acknowledged: 'Acknowledged.',
    changed: 'This finding has changed since: look at it again.',
  }
}
