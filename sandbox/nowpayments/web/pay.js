import { byId, element } from './element.js'
import { attempt, banner } from './notices.js'
import { PaymentCard } from './payment-card.js'
import { PaymentList } from './payment-list.js'
import { followPayments, listPayments } from './simulator.js'
import { Trouble } from './trouble.js'
import { fillInWords, words } from './words.js'

/** @typedef {import('./simulator.js').Payment} Payment */

/** @type {Payment[]} */
let payments = []
/** @type {PaymentCard | undefined} */
let card

fillInWords()
const list = new PaymentList(choose)
const trouble = new Trouble()

byId('back').addEventListener('click', () => choose(''))
addEventListener('popstate', draw)
addEventListener('hashchange', draw)
followPayments({
  onOpen: () => void attempt(load),
  onPayment: (payment) => {
    place(payment)
    void attempt(() => trouble.refresh())
  },
  onLost: () => banner(words.away),
})

async function load() {
  payments = await listPayments()
  banner('')
  draw()
  await trouble.refresh()
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
  card = new PaymentCard(payment, place)
}
