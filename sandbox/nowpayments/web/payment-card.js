import { byId, element } from './element.js'
import { copy } from './notices.js'
import { notificationLog } from './notification-log.js'
import { PaymentActs } from './payment-acts.js'
import { statusBadge, statusWord, toneOf } from './status-badge.js'
import { words } from './words.js'

/** @typedef {import('./simulator.js').Payment} Payment */

const usualSteps = ['waiting', 'confirming', 'confirmed', 'sending', 'finished']
const clockMs = 1000

/** One payment: what to send where, how far it is, what can be done, and what the shop was told. */
export class PaymentCard {
  #payment
  #acts
  #badge = element('span')
  #progress = element('div', { class: 'progress' })
  #steps = element('ol', { class: 'steps', 'aria-label': words.status })
  #deposits = element('section', { hidden: true })
  #log = element('section')
  #clock

  /** @param {Payment} payment */
  constructor(payment) {
    this.#payment = payment
    this.#acts = new PaymentActs(payment)
    const about = element('p', { class: 'about' }, this.#badge, ...aboutOrder(payment))
    const parts = [about, ...whatToSend(payment), this.#progress, this.#steps, this.#acts.element]
    byId('payment').replaceChildren(...parts, this.#deposits, this.#log)
    this.#clock = setInterval(() => this.#showProgress(), clockMs)
    this.update(payment)
  }

  get id() {
    return this.#payment.payment_id
  }

  /** @param {Payment} payment */
  update(payment) {
    this.#payment = payment
    this.#badge.replaceChildren(statusBadge(payment.status))
    this.#showProgress()
    this.#steps.replaceChildren(...stepRows(payment))
    this.#acts.update(payment)
    this.#deposits.hidden = payment.children.length === 0
    this.#deposits.replaceChildren(element('h2', {}, words.children), depositRows(payment))
    this.#log.replaceChildren(element('h2', {}, words.notifications), notificationLog(payment.notifications))
  }

  close() {
    clearInterval(this.#clock)
  }

  #showProgress() {
    const { actually_paid: paid, pay_amount: wanted, pay_currency: coin } = this.#payment
    const bar = element('progress', { max: 1, value: shareOf(paid, wanted), 'aria-label': words.received })
    const received = `${words.received} ${paid} / ${wanted} ${coin.toUpperCase()}`
    const row = element(
      'p',
      { class: 'soft' },
      element('span', {}, received),
      element('span', {}, timeLeft(this.#payment)),
    )
    this.#progress.replaceChildren(bar, row)
  }
}

/** How much of a bar to fill: the one place where an exact amount may be rounded. @type {(paid: string, wanted: string) => number} */
const shareOf = (paid, wanted) => Math.min(1, Number(paid) / Number(wanted) || 0)

/** @param {Payment} payment */
function aboutOrder({ order_id: order, order_description: description, payment_id: id, price_amount, price_currency }) {
  const facts = [`${price_amount} ${price_currency.toUpperCase()}`, `№ ${id}`]
  if (order !== null) facts.unshift(`${words.order} ${order}`)
  const title = element('b', {}, description ?? facts[0] ?? id)
  return [element('span', { class: 'about-order' }, title, element('span', { class: 'soft' }, facts.join(' · ')))]
}

/** @param {Payment} payment */
function whatToSend({
  pay_amount: amount,
  pay_currency: coin,
  coin_name: name,
  pay_address: address,
  payin_extra_id: memo,
}) {
  const large = element('strong', { class: 'amount' }, amount, element('small', {}, ` ${coin.toUpperCase()}`))
  const rows = [
    copyRow(words.amountOf(name), amount, large),
    copyRow(words.address, address, element('code', {}, address)),
  ]
  if (memo !== null) rows.push(copyRow(words.memo, memo, element('code', {}, memo)))
  return rows
}

/**
 * @param {string} label
 * @param {string} value
 * @param {HTMLElement} shown
 */
function copyRow(label, value, shown) {
  const properties = {
    type: 'button',
    class: 'copy',
    'aria-label': `${words.copy}: ${label}`,
    onclick: () => copy(value),
  }
  const text = element('span', { class: 'copy-text' }, element('span', { class: 'soft' }, label), shown)
  return element('div', { class: 'copy-row' }, text, element('button', properties, words.copy))
}

/** @param {Payment} payment */
function timeLeft({ status, valid_until: until, updated_at: changed }) {
  if (status !== 'waiting') return words.changedAt(new Date(changed))
  const seconds = Math.max(0, Math.floor((Date.parse(until) - Date.now()) / 1000))
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24]
  if (days > 0) return words.left(`${days} ${words.days} ${hours} h`)
  const [minutes, rest] = [Math.floor(seconds / 60) % 60, seconds % 60]
  const clock = [...(hours > 0 ? [hours] : []), minutes, rest].map((part) => String(part).padStart(2, '0'))
  return words.left(clock.join(':'))
}

/** The usual way, up to where the payment left it. @param {Payment} payment */
function stepRows({ status, notifications }) {
  const told = new Set(notifications.map((each) => each.status))
  const isUsual = usualSteps.includes(status)
  const passed = usualSteps.filter((step) => step === 'waiting' || told.has(step))
  const names = isUsual ? usualSteps : [...passed, status]
  const current = names.indexOf(status)
  return names.map((name, index) => {
    const place = index === current ? `now tone-${toneOf(name)}` : index < current ? 'passed' : ''
    const step = index === current ? 'step' : undefined
    return element('li', { class: place, 'aria-current': step }, element('span', {}, statusWord(name)))
  })
}

/** @param {Payment} payment */
function depositRows({ children }) {
  const rows = children.map((child) =>
    element(
      'li',
      {},
      element('b', {}, `${child.actually_paid} ${child.pay_currency.toUpperCase()}`),
      element('span', { class: 'soft' }, `№ ${child.payment_id}`),
      statusBadge(child.status),
    ),
  )
  return element('ul', { class: 'deposits' }, ...rows)
}
