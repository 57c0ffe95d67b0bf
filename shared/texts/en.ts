import { account } from './en/account.ts'
import { admin } from './en/admin.ts'
import { alarms } from './en/alarms.ts'
import { alerts } from './en/alerts.ts'
import { appeals } from './en/appeals.ts'
import { cases } from './en/cases.ts'
import { checkout } from './en/checkout.ts'
import { common } from './en/common.ts'
import { corrections } from './en/corrections.ts'
import { data } from './en/data.ts'
import { delivery } from './en/delivery.ts'
import { desk } from './en/desk.ts'
import { download } from './en/download.ts'
import { forms } from './en/forms.ts'
import { freezes } from './en/freezes.ts'
import { commands, groups, home } from './en/home.ts'
import { invariants } from './en/invariants.ts'
import { library } from './en/library.ts'
import { mails } from './en/mails.ts'
import { moderation } from './en/moderation.ts'
import { notices } from './en/notices.ts'
import { orderAnswers } from './en/order-answers.ts'
import { order } from './en/order.ts'
import { ownProducts } from './en/own-products.ts'
import { pages } from './en/pages.ts'
import { payouts } from './en/payouts.ts'
import { productForm } from './en/product-form.ts'
import { refunds } from './en/refunds.ts'
import { refusals } from './en/refusals.ts'
import { storefront } from './en/storefront.ts'
import { type Catalogue } from './fr.ts'
import { type Format } from './format.ts'

/** Every sentence a person reads, in English. */
export const en = (format: Format): Catalogue => ({
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
