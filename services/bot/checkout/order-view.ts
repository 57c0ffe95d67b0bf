import { type ProductId } from '../../../shared/domain/ids.ts'
import { type Order } from '../../../shared/db/orders.ts'
import { type Attempt } from '../../../shared/db/payment-attempts.ts'
import { type SentRefund } from '../../../shared/db/sent-refund.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { type Keyboard } from '../keyboard.ts'
import { type CoinChoice } from './offered-coins.ts'

/** An order with everything its message shows of it. */
export type OrderView = {
  readonly order: Order
  readonly attempts: readonly Attempt[]
  /** The coins for another address, while the message asks for one. */
  readonly choice: CoinChoice | undefined
  readonly refund: SentRefund | undefined
  readonly texts: Texts
}

/** A QR code while there is something to pay, the cover afterwards, so that no live QR code stays behind. */
export type OrderPicture =
  | { readonly kind: 'qr'; readonly text: string }
  | { readonly kind: 'cover'; readonly product: ProductId }
  | { readonly kind: 'none' }

export type OrderCard = { readonly picture: OrderPicture; readonly text: Html; readonly keyboard: Keyboard }
