import { bold, code, dotted, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption, asMessage, cut } from '../../telegram/text-length.ts'
import { type AdminHomeFacts, type DeadLetterFacts, type TimelineFacts, type TimelineLine } from '../facts.ts'
import { type AdminTexts } from '../fr/admin.ts'
import { type Format } from '../format.ts'
import { name, saying, title } from '../people.ts'
import { stamp } from '../stamp.ts'
import { statusSigns } from '../status-signs.ts'

const kinds: Readonly<Record<string, string>> = {
  delivery: 'Deliveries',
  'telegram update': 'Messages received',
  'media-media-missing': 'Pictures',
  'e-mail': 'E-mails',
  'bot-mail-send': 'E-mails to send',
  'bot-admin-alert': 'Alerts',
  'bot-order-changed': 'Order messages',
  'bot-payment-confirmed': 'Sale notices',
  'delivery-payment-confirmed': 'Deliveries to prepare',
  'delivery-delivery-requested': 'Deliveries asked for',
}

const happened: Readonly<Record<string, string>> = {
  ordered: 'Ordered',
  payment: 'Payment',
  created: 'Address given',
  notified: 'Notification',
  read: 'Re-read',
  decided: 'Decision',
  seen: 'Seen on the network',
  paid: 'Paid',
  booked: 'Booked',
  queued: 'Delivery',
  tried: 'Delivery try',
  downloaded: 'Download',
  delivered: 'Delivered',
  case: 'Case',
  refund: 'Refund',
  ended: 'End',
  'dead letter': 'Dead letter',
  settled: 'Settled',
  'done by': 'Administrator',
}

export const admin = (format: Format): AdminTexts => {
  const kind = (of: string): string => kinds[of] ?? of
  const line = ({ at, kind: what, detail }: TimelineLine): Html =>
    dotted(code(stamp(at)), escape(happened[what] ?? what), escape(cut(detail, 60)))

  return {
    home: (facts: AdminHomeFacts): Html =>
      paragraphs(
        phrase`🛠 <b>Administration</b>`,
        lines(
          phrase`Dead letters: ${facts.deadLetters}`,
          phrase`Orders in review: ${facts.inReview}`,
          phrase`Open cases: ${facts.openCases}`,
          phrase`Refunds to send: ${facts.openRefunds}`,
          phrase`Deliveries waiting for a buyer who left: ${facts.blocked}`,
          phrase`Oldest unsent event: ${facts.oldestUnsentSeconds} s`,
        ),
        phrase`An order, a product or a shop: ${code('/admin CODE')}. A person: ${code('/admin @name')} or their number. A payment: its number at NOWPayments.`,
      ),
    alert: (what: string, text: string, ref: string, held: number): Html =>
      asMessage(
        lines(
          phrase`🔔 ${bold(escape(what))}`,
          escape(text),
          ref === '' ? undefined : code(ref),
          held === 0 ? undefined : phrase`… and ${held} more of this kind in the last quarter of an hour`,
        ),
      ),
    open: '🛠 Administration',
    refresh: '🔄 Refresh',
    back: '‹ Administration',
    kind,
    kindCount: (of: string, count: number): string => `${kind(of)} · ${count}`,
    letters: (of: string, count: number, shown: readonly DeadLetterFacts[]): Html =>
      asCaption(
        paragraphs(
          phrase`📮 ${bold(escape(kind(of)))} · ${count}`,
          ...shown.map(({ position, ref, reason, at }) =>
            lines(
              dotted(phrase`${position}.`, code(stamp(at)), code(cut(ref, 24))),
              escape(cut(reason.replaceAll(/\s+/g, ' '), 40)),
            ),
          ),
        ),
      ),
    noLetters: phrase`✅ Nothing is stuck here.`,
    letter: (
      { kind: of, ref, reason, at }: DeadLetterFacts & { readonly kind: string },
      orderCode: string | null,
    ): Html =>
      asCaption(
        paragraphs(
          phrase`📮 ${bold(escape(kind(of)))}`,
          lines(
            phrase`Since: ${format.moment(at)}`,
            phrase`About: ${code(cut(ref, 60))}`,
            orderCode === null ? undefined : phrase`Order ${code(orderCode)}`,
          ),
          phrase`Reason: ${saying(reason)}`,
        ),
      ),
    sendAgain: '🔁 Send again',
    sendAllAgain: (count: number): string => `🔁 Send all again (${count})`,
    asLink: '🔗 Give a link',
    discard: '🗑 Discard',
    order: '🧾 Order',
    whyDiscard: phrase`🗑 Why discard this? Nothing will be sent again.`,
    reasons: {
      settled: 'Settled another way',
      obsolete: 'No longer needed',
      mistake: 'A test or a mistake',
    },
    sentAgain: 'It is on its way again.',
    nothingLeft: 'Nothing left to do here: it is settled.',
    sentMany: (sent: number, left: number): string => `Sent again: ${sent}. Left: ${left}.`,
    discarded: 'Discarded.',
    settledAlready: 'Settled already.',
    cannotBeSent: 'This cannot be sent again: discard it.',
    notFound: phrase`No order, product or shop has this code, and no payment or person this number or name.`,
    timeline: (of: TimelineFacts, page: number, pages: number, shown: readonly TimelineLine[]): Html =>
      asCaption(
        paragraphs(
          lines(
            phrase`🧾 ${code(of.code)} · ${bold(title(of.title))}`,
            dotted(phrase`${escape(statusSigns[of.status])} ${escape(of.status)}`, format.money(of.total)),
            phrase`Buyer ${code(String(of.buyerId))} · seller ${name(of.sellerName)}`,
          ),
          lines(...shown.map(line)),
          pages > 1 ? phrase`Page ${page} of ${pages}` : undefined,
        ),
      ),
    happened: (what: string): string => happened[what] ?? what,
    export: '📄 All of it in a file',
    exported: 'The file is at the bottom of the chat.',
    openLetters: '📮 Dead letters',
  }
}
