import { byId, element } from './element.js'
import { statusBadge } from './status-badge.js'
import { words } from './words.js'

/** @typedef {import('./simulator.js').Payment} Payment */

/** Whether a search means this payment: by address, a wallet link with it, order or number. */
const isMeant = (/** @type {Payment} */ payment, /** @type {string} */ wanted) => {
  const { pay_address: address, order_id: order, payment_id: id } = payment
  const known = `${address} ${order ?? ''} ${id}`.toLowerCase()
  return known.includes(wanted) || wanted.includes(address.toLowerCase())
}

/** The payments there are, newest first, and a search among them. */
export class PaymentList {
  #search = /** @type {HTMLInputElement} */ (byId('search'))
  #onChoose
  /** @type {Payment[]} */
  #payments = []
  #chosen = ''

  /** @param {(id: string) => void} onChoose */
  constructor(onChoose) {
    this.#onChoose = onChoose
    this.#search.placeholder = words.search
    this.#search.setAttribute('aria-label', words.search)
    this.#search.addEventListener('input', () => this.#draw())
    this.#search.addEventListener('keydown', ({ key }) => {
      const [first] = this.#found()
      if (key === 'Enter' && first !== undefined) onChoose(first.payment_id)
    })
  }

  /**
   * @param {Payment[]} payments
   * @param {string} chosen
   */
  show(payments, chosen) {
    this.#payments = payments
    this.#chosen = chosen
    this.#draw()
  }

  #found() {
    const wanted = this.#search.value.trim().toLowerCase()
    return wanted === '' ? this.#payments : this.#payments.filter((payment) => isMeant(payment, wanted))
  }

  #draw() {
    const found = this.#found()
    const focused = document.activeElement?.closest('[data-payment]')?.getAttribute('data-payment')
    byId('payments').replaceChildren(...found.map((payment) => this.#row(payment)))
    byId('empty').hidden = found.length > 0
    byId('empty').textContent = this.#payments.length === 0 ? words.none : words.notFound
    const same = focused == null ? null : document.querySelector(`[data-payment="${CSS.escape(focused)}"]`)
    if (same instanceof HTMLElement) same.focus({ preventScroll: true })
  }

  /** @param {Payment} payment */
  #row(payment) {
    const { payment_id: id, order_id: order, price_amount: price, price_currency: currency } = payment
    const properties = {
      type: 'button',
      class: 'row',
      'data-payment': id,
      'aria-current': id === this.#chosen ? 'true' : undefined,
      onclick: () => this.#onChoose(id),
    }
    const button = element(
      'button',
      properties,
      element('b', {}, `${payment.pay_amount} ${payment.pay_currency.toUpperCase()}`),
      statusBadge(payment.status),
      element('span', { class: 'soft' }, order === null ? id : `${words.order} ${order}`),
      element('span', { class: 'soft price' }, `${price} ${currency.toUpperCase()}`),
    )
    return element('li', {}, button)
  }
}
