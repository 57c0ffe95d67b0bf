import { type Case, type OpenCase } from '../../../shared/db/case-decisions.ts'
import { type OrderPayment } from '../../../shared/db/incoming-payments.ts'
import { type JudgedOrder } from '../../../shared/db/judged-orders.ts'
import { type Refund } from '../../../shared/db/refunds.ts'
import { receivedOf, unappliedOf } from '../../../shared/domain/incoming.ts'
import { canBecome } from '../../../shared/domain/order.ts'
import { type CaseFacts } from '../../../shared/texts/facts.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button, type Key, type Keyboard, styled } from '../keyboard.ts'
import { lastPage, pageRow, pageWithin } from '../page-row.ts'

export const perPage = 10

export type Paged<One> = { readonly shown: readonly One[]; readonly count: number; readonly page: number }

/** The page that was wanted, or the last one there is. */
export const pageOf = (wanted: number, count: number): number => pageWithin(wanted, count, perPage)

export const pageKeys = ({ count, page }: Paged<unknown>, key: (label: string, to: number) => Key): Key[] =>
  pageRow(page, lastPage(count, perPage), key)

/** Numbered buttons, five in a row. */
export const numbered = <One>({ shown, page }: Paged<One>, key: (one: One, label: string) => Key): Keyboard => {
  const keys = shown.map((one, index) => key(one, String(page * perPage + index + 1)))
  return [keys.slice(0, 5), keys.slice(5)]
}

/** What waits for a decision, oldest first. */
export function casesCard(list: Paged<OpenCase>, { admin, cases }: Texts): Card {
  const lines = list.shown.map((one, index) => ({ ...one, position: list.page * perPage + index + 1 }))
  return {
    at: buttonData('cases', { page: list.page }),
    picture: 'neutral',
    text: list.count === 0 ? cases.none : cases.list(list.count, lines),
    keyboard: [
      ...numbered(list, (one, label) => button(label, 'case', { case: one.id })),
      pageKeys(list, (label, to) => button(label, 'cases', { page: to })),
      [button(admin.back, 'admin')],
    ],
  }
}

export type CaseFile = {
  readonly case: Case
  readonly order: JudgedOrder
  readonly payments: readonly OrderPayment[]
}

const factsOf = ({ case: { kind, note, openedAt }, order, payments }: CaseFile): CaseFacts => ({
  kind,
  note,
  openedAt,
  order,
  payments,
  received: receivedOf(payments, order.total),
  isRefundOpen: order.openRefund !== null,
})

/** One case with all there is to know about it, and what can be decided. */
export function caseCard(file: CaseFile, { cases }: Texts): Card {
  const { case: found, order } = file
  const of = { case: found.id }
  const mayAccept = canBecome(order.status, 'paid') && !order.isOwned && !order.isWithdrawn
  const mayRefund = order.status !== 'refunded' || unappliedOf(file.payments) !== 0n
  return {
    at: buttonData('case', of),
    picture: 'neutral',
    text: cases.card(factsOf(file)),
    keyboard: [
      order.openRefund === null
        ? [
            ...(mayAccept ? [styled(button(cases.accept, 'acceptCase', of), 'success')] : []),
            ...(mayRefund ? [button(cases.refund, 'refundCase', of)] : []),
          ]
        : [button(cases.toRefund, 'refund', { refund: order.openRefund })],
      [button(cases.close, 'closeCase', of), button(cases.timeline, 'timeline', { order: order.code, page: 0 })],
      [button(cases.toCases, 'cases', { page: 0 })],
    ],
  }
}

/** What accepting costs, and the press that does it. */
export function acceptCard(file: CaseFile, { cases, common }: Texts): Card {
  const { case: found, order } = file
  const facts = factsOf(file)
  const { received } = facts
  return {
    at: buttonData('acceptCase', { case: found.id }),
    picture: 'neutral',
    text: cases.askAccept(facts),
    keyboard: [
      [styled(button(cases.acceptNow, 'acceptCaseNow', { case: found.id, seen: order.status, received }), 'danger')],
      [button(common.back, 'case', { case: found.id })],
    ],
  }
}

/** Refunds that wait to be sent. */
export function refundsCard(list: Paged<Refund>, { admin, cases }: Texts): Card {
  return {
    at: buttonData('refunds', { page: list.page }),
    picture: 'neutral',
    text: list.count === 0 ? cases.noRefunds : cases.refunds(list.count, list.page * perPage + 1, list.shown),
    keyboard: [
      ...numbered(list, (one, label) => button(label, 'refund', { refund: one.id })),
      pageKeys(list, (label, to) => button(label, 'refunds', { page: to })),
      [button(admin.back, 'admin')],
    ],
  }
}

/** One refund, and what can be done about it while it is not settled. */
export function refundCard(refund: Refund, order: JudgedOrder | undefined, { cases }: Texts): Card {
  const of = { refund: refund.id }
  const isInBatch = refund.kind === 'order' && order?.batchCode != null
  const isReady = refund.state === 'asked' && refund.address !== null && !isInBatch
  return {
    at: buttonData('refund', of),
    picture: 'neutral',
    text: cases.refundCard(refund, isInBatch ? order.batchCode : null),
    keyboard: [
      isReady ? [styled(button(cases.markSent, 'refundSent', of), 'success')] : [],
      refund.state === 'asked'
        ? [button(cases.reject, 'rejectRefund', of), button(cases.askAgain, 'askAddress', of)]
        : [],
      [button(cases.timeline, 'timeline', { order: refund.orderCode, page: 0 })],
      [button(cases.toRefunds, 'refunds', { page: 0 })],
    ],
  }
}

/** A second press, which names what was seen: somebody may be sending to the address that is about to be forgotten. */
export const forgetAddressCard = (
  { id, address, askedTimes }: Refund & { readonly address: string },
  { cases, common }: Texts,
): Card => ({
  at: buttonData('askAddress', { refund: id }),
  picture: 'neutral',
  text: cases.askForget(address),
  keyboard: [
    [styled(button(cases.forgetNow, 'askAddressNow', { refund: id, times: askedTimes }), 'danger')],
    [button(common.back, 'refund', { refund: id })],
  ],
})
