import { type Alert, type AlertKind, type AlertName, type AlertOf } from '../../domain/alert.ts'
import { symbolOf } from '../../domain/coin.ts'
import { cut } from '../../telegram/text-length.ts'
import { type AlertTexts } from '../fr/alerts.ts'
import { type Format } from '../format.ts'
import { kindOfCase } from './case-kinds.ts'
import { invariants } from './invariants.ts'

type Sentences = { readonly [Name in AlertName]: (facts: AlertOf<Name>, ref: string) => string }

const titles: Readonly<Record<AlertKind, string>> = {
  case: 'Case to decide',
  payments: 'Payments',
  refund: 'Refund by NOWPayments',
  reconciliation: 'Reconciliation',
  'refund asked': 'Refund asked for',
  'difference asked': 'Difference asked for',
  'refund address': 'Refund address',
  'coins.none': 'No coin possible',
  'provider.refused': 'Payments refused',
  'provider.mismatch': 'Unexpected payment',
  delivery: 'Delivery',
  'buyer blocked': 'Buyer out of reach',
  integrity: 'Files',
  invariants: 'What must never be',
  media: 'Pictures',
  disk: 'Disk full',
  file: 'File to look at',
  'mail server': 'Mail server',
  'dead letter': 'Dead letter',
  'telegram update': 'Message not handled',
  'payouts frozen': 'Payouts frozen',
  appeal: 'Appeal',
  restored: 'Database restored',
}

const isKind = (kind: string): kind is AlertKind => Object.hasOwn(titles, kind)

export const alerts = (format: Format): AlertTexts => {
  const sentences: Sentences = {
    case: (facts, ref) => `Order ${ref}: ${kindOfCase(facts.case)}`,
    'unread deposit': ({ payment }, ref) =>
      `Order ${ref}: a second deposit (payment ${payment}) that NOWPayments cannot tell of`,
    'unread payment': ({ payment, reason }, ref) =>
      `Payment ${payment} of order ${ref} could not be read at NOWPayments for 24 h (${reason})`,
    'unknown status': ({ status }, ref) =>
      `NOWPayments says “${status}” of a payment of order ${ref}, which is no status we know`,
    'unknown payment': ({ order }, ref) =>
      order === ''
        ? `NOWPayments reported payment ${ref}, which belongs to no order`
        : `NOWPayments reported payment ${ref}, which belongs to no order (it names ${order})`,
    'found payment': ({ payment, order }) =>
      `Payment ${payment} for order ${order} was not in our books, and was added to its order`,
    'stuck notification': ({ reason }, ref) => `A notification about payment ${ref} cannot be acted upon: ${reason}`,
    'refunded payment': ({ payment }, ref) => `NOWPayments refunded payment ${payment} of order ${ref}`,
    'different payment': ({ payment, difference }, ref) => `Payment ${payment} of order ${ref}: ${difference}`,
    'payments not compared': ({ count }) =>
      `${count} payments could not be compared with NOWPayments; they are tried again in a day, or now: npm run chore -- reconcile`,
    'refund asked': (_, ref) => `Order ${ref}: the buyer paid too little and asks for a refund`,
    'difference asked': ({ amount, coin, cents }, ref) =>
      `Order ${ref}: the buyer sent ${amount} ${symbolOf(coin)} too much (${format.money(BigInt(cents))}) and asks for it`,
    'refund address': (_, ref) => `Order ${ref}: the buyer gave an address for the refund`,
    'no coin': ({ cents }) => `No coin can carry ${format.money(BigInt(cents))} at the moment`,
    'no coin for an order': ({ status }, ref) => `Order ${ref} (${status}): no coin can carry what is to be paid`,
    'payments refused': ({ said }) => `NOWPayments refuses to make payments: ${said}`,
    'strange payment': ({ payment }, ref) =>
      `NOWPayments answered order ${ref} with payment ${payment}, which is not what was asked for`,
    'missing delivery': (_, ref) => `Order ${ref} was paid without a delivery; it is queued now`,
    'dead delivery': ({ reason }, ref) => `The file of order ${ref} cannot be delivered: ${reason}`,
    'failing delivery': ({ tries, reason }, ref) => `The file of order ${ref} failed ${tries} times: ${reason}`,
    'blocked buyer': (_, ref) => `The file of order ${ref} waits for 24 h: its buyer has blocked the bot`,
    'damaged file': ({ title, effect, reason }) =>
      effect === 'withdrawn'
        ? `The original of “${cut(title, 100)}” is damaged, and the product withdrawn from sale: ${reason}`
        : `The original of “${cut(title, 100)}” is damaged; a newer version is on sale: ${reason}`,
    'refused sweep': ({ orphans, checked }) =>
      `The sweep would delete ${orphans} of ${checked} objects and did nothing: is this the right database for this bucket?`,
    'broken invariant': ({ name, count, refs }) =>
      `Something that must never be: ${invariants(format).says(name)} (${count}: ${refs}). No seller is paid until you acknowledge it.`,
    'lost picture': ({ title }) =>
      `The picture of “${cut(title, 100)}” is lost on the disk and in the bucket; a drawn one is shown instead`,
    'full disk': ({ reason }) => `Files wait: ${reason}`,
    executables: () => 'The archive of a product contains executable files; its page says so',
    'mail server': ({ said }) => `The mail server refuses us: ${said}`,
    'dead mail': ({ template, reason }) => `The e-mail “${template}” was given up: ${reason}`,
    'dead event': ({ consumer, reason }, ref) => `${consumer} gave up on ${ref}: ${reason}`,
    'dead update': ({ reason }) => `A message that came could not be handled: ${reason}`,
    'payouts frozen': () =>
      'A seller says that a change of their address or e-mail was not made by them: their payouts are frozen.',
    appeal: ({ on, words }) => (on === 'product' ? `A product: ${words}` : `A person: ${words}`),
    restored: ({ at }) =>
      `The database was restored from the backup of ${format.moment(new Date(at))}. Payments of orders made before are read again. Unknown here: orders made since (see the list of payments at NOWPayments), and payouts and refunds sent since: compare with your wallet. No seller is paid until you acknowledge that finding.`,
  }

  return {
    title: (kind: string): string => (isKind(kind) ? titles[kind] : titleOfSubject(kind)),
    says: (alert: Alert, ref: string): string =>
      (sentences[alert.about] as (facts: Alert, ref: string) => string)(alert, ref),
  }
}

const titleOfSubject = (kind: string): string => {
  const [first = ''] = kind.split(' ')
  return isKind(first) ? titles[first] : cut(kind, 60)
}
