import { byId, element } from './element.js'
import { attempt, banner } from './notices.js'
import { PaymentCard } from './payment-card.js'
import { PaymentList } from './payment-list.js'
import { followPayments, listPayments } from './simulator.js'
import { Trouble } from './trouble.js'
import { fillInWords, words } from './words.js'

/** @typedef {import('./simulator.js').Payment} Payment */

const retryMs = 1500

/** @type {Payment[]} */
let payments = []
/** What changed while the payments were being read; `undefined` once they are. @type {Payment[] | undefined} */
let held
/** @type {number | undefined} */
let retryTimer
/** @type {PaymentCard | undefined} */
let card

fillInWords()
const list = new PaymentList(choose)
const trouble = new Trouble()

byId('back').addEventListener('click', () => choose(''))
addEventListener('popstate', draw)
addEventListener('hashchange', draw)
followPayments({
  onOpen: () => void load(),
  onPayment: (payment) => {
    if (held === undefined) place(payment)
    else held.push(payment)
    void attempt(() => trouble.refresh())
  },
  onLost: () => banner(words.away),
})

async function load() {
  clearTimeout(retryTimer)
  held = []
  try {
    payments = await listPayments()
    await trouble.refresh()
  } catch {
    banner(words.away)
    retryTimer = setTimeout(() => void load(), retryMs)
    return
  }
  banner('')
  draw()
  const changed = held
  held = undefined
  for (const payment of changed) place(payment)
}

/** Who opened the page without a payment sees the newest; on a phone, the list. */
function chosenId() {
  return new URL(location.href).searchParams.get('payment') ?? location.hash.slice(1)
}

/** @param {string} id */
function choose(id) {
  history.pushState(null, '', id === '' ? '/' : `/?payment=${encodeURIComponent(id)}`)
  draw()
  byId('page').scrollIntoView({ block: 'start' })
}

/** @param {Payment} payment */
function place(payment) {
  const isKnown = payments.some(({ payment_id: id }) => id === payment.payment_id)
  payments = isKnown
    ? payments.map((each) => (each.payment_id === payment.payment_id ? payment : each))
    : [payment, ...payments]
  draw()
}

function draw() {
  const wanted = chosenId()
  const payment = payments.find(({ payment_id: id }) => id === wanted) ?? payments[0]
  byId('page').dataset['view'] = wanted === '' ? 'list' : 'payment'
  list.show(payments, payment?.payment_id ?? '')
  if (payment === undefined) showNothing()
  else if (card?.id === payment.payment_id) card.update(payment)
  else showPayment(payment)
}

function showNothing() {
  card?.close()
  card = undefined
  byId('payment').replaceChildren(element('p', { class: 'soft nothing' }, words.none))
}

/** @param {Payment} payment */
function showPayment(payment) {
  card?.close()
  card = new PaymentCard(payment)
}
