import { type CheckoutSettings } from '../checkout/checkout-deps.ts'
import { type AnyForm } from '../forms/define-form.ts'
import { receiptForm } from '../data/receipt-form.ts'
import { openAccountForm } from './open-account-form.ts'
import { editProductForm, productForm } from './product-form.ts'
import { shopEmailForm, verifyEmailForm } from './email-forms.ts'
import { shopAddressForm, shopBioForm, shopNameForm } from './settings-forms.ts'

/** Every form of the shop: one that is not listed here expires at its next answer. */
export const sellingForms = (settings: CheckoutSettings): readonly AnyForm[] => [
  openAccountForm(settings),
  shopNameForm,
  shopBioForm,
  shopEmailForm,
  verifyEmailForm,
  shopAddressForm,
  receiptForm,
  productForm(settings),
  editProductForm(settings),
]
