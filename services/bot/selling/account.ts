import { type CheckoutSettings } from '../checkout/checkout-deps.ts'
import { type Feature } from '../features.ts'
import { myCorrections } from './my-corrections.ts'
import { myPayouts } from './my-payouts.ts'
import { notMe } from './not-me.ts'
import { openAccountForm } from './open-account-form.ts'
import { sellerDesk } from './seller-desk.ts'
import { shopSettings } from './shop-settings.ts'

/** A seller's account: opening, desk, settings. */
export const sellerAccount = (settings: CheckoutSettings): readonly Feature[] => [
  sellerDesk(openAccountForm(settings)),
  myPayouts,
  myCorrections,
  shopSettings,
  notMe,
]
