import { type PayoutId, type SellerChangeId } from '../../../shared/domain/ids.ts'
import { count, id, oneOf } from '../button-arguments.ts'

/** The buttons of a seller's account. */
export const accountButtons = {
  sell: {},
  balance: {},
  myPayouts: { page: count },
  corrections: { page: count },
  myPayout: { payout: id<PayoutId>() },
  shopLink: {},
  settings: {},
  changeSetting: { field: oneOf('name', 'bio', 'email', 'address') },
  verifyEmail: {},
  sellerNotice: { what: oneOf('sales', 'published'), to: oneOf('on', 'off') },
  pauseShop: {},
  resumeShop: {},
  closeShop: {},
  closeShopNow: {},
  notMe: { change: id<SellerChangeId>() },
}
