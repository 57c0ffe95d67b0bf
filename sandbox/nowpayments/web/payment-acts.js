import { element } from './element.js'
import { attempt } from './notices.js'
import { actOn } from './simulator.js'
import { words } from './words.js'

/** @typedef {import('./simulator.js').Payment} Payment */
/** @typedef {keyof typeof words.acts} Act */

const moving = ['confirming', 'confirmed', 'sending']
const unpaid = ['waiting', 'expired']

/** What the simulator allows in which state; it has the last word. @type {Record<Act, (status: string) => boolean>} */
const isPossible = {
  pay: (status) => status === 'waiting',
  'pay-less': (status) => status === 'waiting',
  'pay-more': (status) => status === 'waiting',
  'pay-late': (status) => unpaid.includes(status),
  expire: (status) => status === 'waiting',
  fail: (status) => [...unpaid, ...moving].includes(status),
  'second-deposit': (status) => !unpaid.includes(status),
  'wrong-coin': () => true,
  refund: (status) => ['partially_paid', 'finished', 'failed'].includes(status),
  finish: (status) => status === 'partially_paid',
  cancel: (status) => status === 'partially_paid',
}

/** What is sent when the person names no amount. @type {Partial<Record<Act, string>>} */
const usualShares = {
  pay: '100 %',
  'pay-less': '60 %',
  'pay-more': '110 %',
  'pay-late': '100 %',
  'second-deposit': '100 %',
}

/** @type {{ name: keyof typeof words.actors, acts: Act[] }[]} */
const groups = [
  { name: 'buyer', acts: ['pay-less', 'pay-more', 'pay-late', 'second-deposit', 'wrong-coin'] },
  { name: 'provider', acts: ['expire', 'fail', 'refund'] },
  { name: 'merchant', acts: ['finish', 'cancel'] },
]

/** The buttons that move a payment, each where it is possible. */
export class PaymentActs {
  element = element('section', { class: 'acts' })
  #payment
  #amount
  /** @type {{ act: Act, button: HTMLButtonElement, share: HTMLElement }[]} */
  #buttons = []

  /** @param {Payment} payment */
  constructor(payment) {
    this.#payment = payment
    this.#amount = element('input', { inputmode: 'decimal', placeholder: words.amountHint, autocomplete: 'off' })
    this.#amount.addEventListener('input', () => this.#showShares())
    const label = element(
      'label',
      { class: 'amount-field' },
      element('span', { class: 'soft' }, words.amount),
      this.#amount,
    )
    this.element.append(this.#button('pay'), ...groups.map((group) => this.#group(group, label)))
  }

  /** @param {Payment} payment */
  update(payment) {
    this.#payment = payment
    for (const { act, button } of this.#buttons) button.disabled = !isPossible[act](payment.status)
    this.#showShares()
  }

  /**
   * @param {{ name: keyof typeof words.actors, acts: Act[] }} group
   * @param {HTMLElement} label
   */
  #group({ name, acts }, label) {
    const buttons = element('div', { class: 'act-row' }, ...acts.map((act) => this.#button(act)))
    const parts = name === 'buyer' ? [label, buttons] : [buttons]
    return element(
      'div',
      { class: 'act-group', role: 'group', 'aria-label': words.actors[name] },
      heading(name),
      ...parts,
    )
  }

  /** @param {Act} act */
  #button(act) {
    const share = element('small', {})
    const properties = { type: 'button', class: `act act-${act}`, 'data-act': act, onclick: () => this.#do(act) }
    const button = element('button', properties, element('span', {}, words.acts[act]), share)
    this.#buttons.push({ act, button, share })
    return button
  }

  #showShares() {
    const { pay_currency: coin } = this.#payment
    for (const { act, share } of this.#buttons) {
      const amount = this.#amountFor(act)
      share.textContent = amount === undefined ? (usualShares[act] ?? '') : `${amount} ${coin.toUpperCase()}`
    }
  }

  /** @param {Act} act */
  #amountFor(act) {
    const amount = this.#amount.value.trim().replace(',', '.')
    return amount === '' || act === 'pay' || usualShares[act] === undefined ? undefined : amount
  }

  /** The answer is not shown: the events tell the same and all that follows, in their order. @param {Act} act */
  #do(act) {
    return attempt(() => actOn(this.#payment.payment_id, act, this.#amountFor(act)))
  }
}

/** @param {keyof typeof words.actors} name */
const heading = (name) => element('h3', {}, words.actors[name])
