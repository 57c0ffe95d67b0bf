import { words } from './words.js'

/**
 * @typedef {{ at: string, status: string, answer: number | string, attempt: number }} Notification
 * @typedef {{ payment_id: string, order_id: string | null, status: string, price_amount: string, price_currency: string, pay_amount: string, pay_currency: string, pay_address: string, actually_paid: string, created_at: string, valid_until: string, children: Payment[], notifications: Notification[] }} Payment
 * @typedef {keyof typeof words.acts} Act
 * @typedef {keyof typeof words.faults} FaultKind
 */

const address = new URL(location.href)
const state = {
  payments: /** @type {Payment[]} */ ([]),
  chosen: address.searchParams.get('payment') ?? location.hash.slice(1),
  faults: /** @type {{ id: string, kind: string }[]} */ ([]),
  amount: '',
}

/** @param {string} id */
const get = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

/** @param {string} tag @param {string} className @param {...(Node | string)} children */
function element(tag, className, ...children) {
  const made = document.createElement(tag)
  if (className !== '') made.className = className
  made.append(...children)
  return made
}

/** @param {string} path @param {unknown} [body] @param {string} [method] */
async function ask(path, body, method = body === undefined ? 'GET' : 'POST') {
  const init = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`/simulator/${path}`, { method, ...init })
  if (response.status === 204) return undefined
  const answer = await response.json()
  if (!response.ok) throw new Refused(answer.error.message)
  return answer
}

class Refused extends Error {}

/** @param {() => Promise<unknown>} work */
async function attempt(work) {
  try {
    await work()
  } catch (error) {
    if (error instanceof Refused) toast(error.message)
    else banner(words.away)
  }
}

/** @param {string} text */
function banner(text) {
  get('banner').textContent = text
  get('banner').hidden = text === ''
}

let toastTimer = 0
/** @param {string} text */
function toast(text) {
  get('toast').textContent = text
  get('toast').hidden = false
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => (get('toast').hidden = true), 4000)
}

const tones = {
  finished: 'good',
  failed: 'bad',
  expired: 'bad',
  cancelled: 'bad',
  refunded: 'wait',
  partially_paid: 'wait',
  wrong_asset_confirmed: 'wait',
}

/** @param {string} status */
const toneOf = (status) => tones[/** @type {keyof typeof tones} */ (status)] ?? ''

function drawList() {
  const wanted = /** @type {HTMLInputElement} */ (get('search')).value.trim().toLowerCase()
  const shown = state.payments.filter(({ pay_address, order_id, payment_id }) =>
    `${pay_address} ${order_id} ${payment_id}`.toLowerCase().includes(wanted),
  )
  get('payments').replaceChildren(...shown.map(listItem))
  get('empty').hidden = state.payments.length > 0
}

/** @param {Payment} payment */
function listItem(payment) {
  const button = element(
    'button',
    '',
    element('strong', '', `${payment.pay_amount} ${payment.pay_currency}`),
    element('span', `status ${toneOf(payment.status)}`, payment.status),
    element('span', 'soft', `${words.order} ${payment.order_id ?? ''}`),
    element('span', 'soft', `$${payment.price_amount}`),
  )
  button.setAttribute('aria-current', String(payment.payment_id === state.chosen))
  button.addEventListener('click', () => choose(payment.payment_id))
  return element('li', '', button)
}

/** @param {string} id */
function choose(id) {
  state.chosen = id
  history.replaceState(null, '', `?payment=${id}`)
  draw()
}

function draw() {
  drawList()
  const payment = state.payments.find(({ payment_id }) => payment_id === state.chosen)
  get('payment').replaceChildren(...(payment === undefined ? [element('p', 'soft', words.choose)] : details(payment)))
}

const usualSteps = ['waiting', 'confirming', 'confirmed', 'sending', 'finished']

/** @param {Payment} payment */
function details(payment) {
  const copy = element('button', 'address', payment.pay_address)
  copy.addEventListener('click', () =>
    attempt(async () => {
      await navigator.clipboard.writeText(payment.pay_address)
      toast(words.copied)
    }),
  )
  return [
    element(
      'span',
      'soft',
      `${words.order} ${payment.order_id ?? ''} · $${payment.price_amount} · № ${payment.payment_id}`,
    ),
    element('strong', 'amount', `${payment.pay_amount} ${payment.pay_currency.toUpperCase()}`),
    copy,
    steps(payment),
    element('p', 'soft', `${payment.actually_paid} ${words.paid}`),
    acts(payment),
    element('h2', '', ''),
    ...children(payment),
    element('h2', '', words.notifications),
    notifications(payment),
  ]
}

/** @param {Payment} payment */
function steps({ status }) {
  const now = usualSteps.indexOf(status)
  const names = now < 0 ? [...usualSteps.slice(0, 1), status] : usualSteps
  const items = names.map((name, index) => {
    const tone = name === status ? `now ${toneOf(name)}` : index < names.indexOf(status) ? 'passed' : ''
    return element('li', tone, name)
  })
  return element('ol', 'steps', ...items)
}

/** @param {Payment} payment */
function acts(payment) {
  const amount = /** @type {HTMLInputElement} */ (document.createElement('input'))
  amount.inputMode = 'decimal'
  amount.value = state.amount
  amount.addEventListener('input', () => (state.amount = amount.value.trim()))
  const buttons = /** @type {Act[]} */ (Object.keys(words.acts)).map((act) => actButton(payment, act))
  const [exactly, ...others] = buttons
  if (exactly !== undefined) exactly.classList.add('main')
  return element(
    'div',
    'acts',
    ...(exactly === undefined ? [] : [exactly]),
    element('label', '', words.amount, amount),
    ...others,
  )
}

const takesAmount = ['pay-less', 'pay-more', 'pay-late', 'second-deposit']

/** @param {Payment} payment @param {Act} act */
function actButton(payment, act) {
  const button = element('button', '', words.acts[act])
  button.dataset['act'] = act
  button.addEventListener('click', () =>
    attempt(async () => {
      const amount = takesAmount.includes(act) && state.amount !== '' ? { amount: state.amount } : {}
      place(await ask(`payments/${payment.payment_id}/act`, { action: act, ...amount }))
    }),
  )
  return button
}

/** @param {Payment} payment */
function children(payment) {
  if (payment.children.length === 0) return []
  const rows = payment.children.map((child) =>
    row(child.payment_id, `${child.actually_paid} ${child.pay_currency}`, child.status),
  )
  return [element('h2', '', words.children), element('table', '', ...rows)]
}

/** @param {Payment} payment */
function notifications(payment) {
  if (payment.notifications.length === 0) return element('p', 'soft', words.quiet)
  const rows = payment.notifications.map(({ at, status, answer, attempt: number }) => {
    const made = row(new Date(at).toLocaleTimeString(), status, `${answer}${number > 1 ? ` (${number})` : ''}`)
    made.lastElementChild?.classList.add(answer === 200 ? 'good' : 'bad')
    return made
  })
  return element('table', '', ...rows)
}

/** @param {...string} cells */
const row = (...cells) => element('tr', '', ...cells.map((cell) => element('td', '', cell)))

/** @param {Payment} payment */
function place(payment) {
  const index = state.payments.findIndex(({ payment_id }) => payment_id === payment.payment_id)
  if (index < 0) state.payments.unshift(payment)
  else state.payments[index] = payment
  if (index < 0 || state.chosen === '') return choose(payment.payment_id)
  draw()
}

async function drawTrouble() {
  state.faults = await ask('faults')
  const toggles = /** @type {FaultKind[]} */ (Object.keys(words.faults)).map(toggle)
  get('trouble').replaceChildren(
    element('h2', '', words.trouble),
    element('p', 'soft', words.troubleNote),
    element('div', 'toggles', ...toggles),
  )
}

/** @param {FaultKind} kind */
function toggle(kind) {
  const active = state.faults.find((fault) => fault.kind === kind)
  const button = element('button', 'toggle', words.faults[kind])
  button.setAttribute('aria-pressed', String(active !== undefined))
  button.addEventListener('click', () =>
    attempt(async () => {
      if (active === undefined) await ask('faults', { kind, times: null, delayMs: 5000 })
      else await ask(`faults/${active.id}`, undefined, 'DELETE')
      await drawTrouble()
    }),
  )
  return button
}

async function load() {
  state.payments = await ask('payments')
  const [newest] = state.payments
  if (!state.payments.some(({ payment_id }) => payment_id === state.chosen)) state.chosen = newest?.payment_id ?? ''
  banner('')
  draw()
  await drawTrouble()
}

function begin() {
  document.title = words.title
  get('title').textContent = words.title
  get('note').textContent = words.note
  get('empty').textContent = words.none
  get('search').setAttribute('placeholder', words.search)
  get('search').setAttribute('aria-label', words.search)
  get('search').addEventListener('input', drawList)
  const events = new EventSource('/simulator/events')
  events.onopen = () => attempt(load)
  events.onmessage = ({ data }) => place(JSON.parse(data).payment)
  events.onerror = () => banner(words.away)
}

begin()
