import { type RefundId } from '../../../shared/domain/ids.ts'
import { id } from '../button-arguments.ts'

/** The buttons of buyers whose money goes back. */
export const refundButtons = {
  giveAddress: { refund: id<RefundId>() },
}
