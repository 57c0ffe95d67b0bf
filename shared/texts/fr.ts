import { account } from './fr/account.ts'
import { admin } from './fr/admin.ts'
import { alarms } from './fr/alarms.ts'
import { alerts } from './fr/alerts.ts'
import { appeals } from './fr/appeals.ts'
import { cases } from './fr/cases.ts'
import { checkout } from './fr/checkout.ts'
import { common } from './fr/common.ts'
import { corrections } from './fr/corrections.ts'
import { data } from './fr/data.ts'
import { delivery } from './fr/delivery.ts'
import { desk } from './fr/desk.ts'
import { download } from './fr/download.ts'
import { forms } from './fr/forms.ts'
import { freezes } from './fr/freezes.ts'
import { commands, groups, home } from './fr/home.ts'
import { invariants } from './fr/invariants.ts'
import { library } from './fr/library.ts'
import { mails } from './fr/mails.ts'
import { moderation } from './fr/moderation.ts'
import { notices } from './fr/notices.ts'
import { orderAnswers } from './fr/order-answers.ts'
import { order } from './fr/order.ts'
import { ownProducts } from './fr/own-products.ts'
import { pages } from './fr/pages.ts'
import { payouts } from './fr/payouts.ts'
import { productForm } from './fr/product-form.ts'
import { refunds } from './fr/refunds.ts'
import { refusals } from './fr/refusals.ts'
import { storefront } from './fr/storefront.ts'
import { type Format } from './format.ts'

/** Every sentence a person reads, in French: the catalogue the others are measured by. */
export const fr = (format: Format) => ({
  common: common(format),
  home: home(),
  account: account(format),
  desk: desk(format),
  forms: forms(),
  groups: groups(),
  commands: commands(),
  storefront: storefront(format),
  checkout: checkout(format),
  order: order(format),
  orderAnswers: orderAnswers(format),
  corrections: corrections(format),
  data: data(),
  delivery: delivery(format),
  download: download(format),
  library: library(format),
  moderation: moderation(format),
  notices: notices(format),
  mails: mails(format),
  refusals: refusals(),
  ownProducts: ownProducts(format),
  productForm: productForm(format),
  pages: pages(),
  admin: admin(format),
  alarms: alarms(format),
  alerts: alerts(format),
  invariants: invariants(format),
  freezes: freezes(format),
  appeals: appeals(format),
  cases: cases(format),
  refunds: refunds(format),
  payouts: payouts(format),
})

export type Catalogue = ReturnType<typeof fr>
