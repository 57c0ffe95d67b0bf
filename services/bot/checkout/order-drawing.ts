import { createHash } from 'node:crypto'
import { type Order } from '../../../shared/db/orders.ts'
import { type Attempt } from '../../../shared/db/payment-attempts.ts'
import { hadAddress } from './order-payments.ts'
import { type OrderCard } from './order-view.ts'

/** Names the picture of a card: two cards with the same differ only in their words. */
export function pictureKey({ picture }: OrderCard): string {
  if (picture.kind === 'none') return 'none'
  return picture.kind === 'qr' ? `qr-${digest(picture.text)}` : `cover-${picture.product}`
}

/** What is drawn, in few characters: an equal redraw is skipped. */
export const fingerprint = (card: OrderCard): string =>
  `${pictureKey(card)} ${digest(JSON.stringify([card.text, card.keyboard]))}`

/** The picture a fingerprint speaks of. */
export const pictureOf = (drawn: string | null): string | undefined => drawn?.split(' ')[0]

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16)

export type ToldState = 'underpaid' | 'review' | 'failed' | 'refunded'

/** The state about which a short reply is sent as well, because an edit makes no sound. */
export function toldAbout(order: Pick<Order, 'status'>, attempts: readonly Attempt[]): ToldState | undefined {
  const { status } = order
  if (status === 'failed') return hadAddress(attempts) ? status : undefined
  return status === 'underpaid' || status === 'review' || status === 'refunded' ? status : undefined
}
