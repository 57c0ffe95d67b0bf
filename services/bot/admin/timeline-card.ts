import { type AdminOrder, type TimelineEntry } from '../../../shared/db/order-timeline.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { stamp } from '../../../shared/texts/stamp.ts'
import { buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button } from '../keyboard.ts'
import { lastPage, pageRow } from '../page-row.ts'

const entriesPerPage = 7

/** One page of what happened to an order; a page past the end is the last one. */
export function timelineCard(
  order: AdminOrder,
  entries: readonly TimelineEntry[],
  wanted: number,
  { admin, cases }: Texts,
): Card {
  const last = lastPage(entries.length, entriesPerPage)
  const page = Math.min(wanted, last)
  const shown = entries.slice(page * entriesPerPage, (page + 1) * entriesPerPage)
  return {
    at: buttonData('timeline', { order: order.code, page }),
    picture: 'neutral',
    text: admin.timeline(order, page + 1, last + 1, shown),
    keyboard: [
      pageRow(page, last, (label, to) => button(label, 'timeline', { order: order.code, page: to })),
      [
        button(admin.export, 'timelineFile', { order: order.code }),
        ...(order.status === 'refunded' ? [] : [button(cases.refundOrder, 'refundOrder', { order: order.code })]),
      ],
      [button(admin.back, 'admin')],
    ],
  }
}

/** The whole of it as plain text, nothing cut. */
export function timelineText(order: AdminOrder, entries: readonly TimelineEntry[], { admin }: Texts): string {
  const facts = [
    ['order', order.code],
    ['id', order.id],
    ['title', order.title],
    ['status', [order.status, order.reason].filter((part) => part !== null).join(', ')],
    ['total', `${order.total} cents`],
    ['buyer', [String(order.buyerId), order.buyerName].filter((part) => part !== null).join(' @')],
    ['seller', order.sellerName],
  ]
  const happened = entries.map(({ at, kind, detail, more }) =>
    [
      [stamp(at), admin.happened(kind), detail].filter((part) => part !== '').join('  '),
      ...(more === null || more === '' ? [] : [`    ${more.replaceAll('\n', '\n    ')}`]),
    ].join('\n'),
  )
  return [...facts.map((fact) => fact.join(': ')), '', ...happened, ''].join('\n')
}
