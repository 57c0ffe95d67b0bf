import { adminForms } from './admin/admin-forms.ts'
import { admin } from './admin/admin.ts'
import { moderateForm } from './admin/moderate-form.ts'
import { checkout } from './checkout/checkout.ts'
import { type CheckoutSettings } from './checkout/checkout-deps.ts'
import { myData } from './data/my-data.ts'
import { type Feature } from './features.ts'
import { forms } from './forms/forms.ts'
import { chooseLanguage } from './languages.ts'
import { library } from './library/library.ts'
import { pages } from './pages.ts'
import { presses } from './presses.ts'
import { giveAddress, refundAddressForm } from './refunds/give-address.ts'
import { sellerAccount } from './selling/account.ts'
import { editProducts } from './selling/edit-products.ts'
import { myProducts } from './selling/my-products.ts'
import { sellingForms } from './selling/selling-forms.ts'
import { start } from './start.ts'
import { browse } from './storefront/browse.ts'
import { preview } from './storefront/preview.ts'
import { productPage } from './storefront/product-page.ts'
import { search } from './storefront/search.ts'
import { shop } from './storefront/shop.ts'
import { appeal } from './support/appeal.ts'
import { appealForm } from './support/appeal-form.ts'
import { unknown } from './unknown.ts'

/** Looking around, in the order in which an update meets it. */
export const storefrontFeatures: readonly Feature[] = [
  presses,
  start,
  browse,
  productPage,
  preview,
  shop,
  search,
  chooseLanguage,
  pages,
]

/** Everything the bot can do; what nobody else answered comes last. */
export const shopFeatures = (settings: CheckoutSettings): readonly Feature[] => [
  forms([...sellingForms(settings), moderateForm, appealForm, refundAddressForm, ...adminForms]),
  ...storefrontFeatures,
  ...checkout(settings),
  library,
  myData,
  giveAddress,
  ...sellerAccount(settings),
  myProducts,
  editProducts(settings),
  appeal,
  admin,
  unknown,
]
