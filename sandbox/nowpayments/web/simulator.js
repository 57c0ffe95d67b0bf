import { words } from './words.js'

/** @typedef {{ at: string, status: string, answer: number | string, attempt: number }} Notification */
/** @typedef {{ id: string, kind: string, times: number | null }} Fault */
/**
 * @typedef {object} Payment
 * @property {string} payment_id
 * @property {string | null} order_id
 * @property {string | null} order_description
 * @property {string} status
 * @property {string} price_amount
 * @property {string} price_currency
 * @property {string} pay_amount
 * @property {string} pay_currency
 * @property {string} pay_address
 * @property {string | null} payin_extra_id
 * @property {string} coin_name
 * @property {string} actually_paid
 * @property {string} created_at
 * @property {string} updated_at
 * @property {string} valid_until
 * @property {Payment[]} children
 * @property {Notification[]} notifications
 */

/** The simulator's no, in its own words. */
export class Refused extends Error {}

/**
 * @param {string} path
 * @param {{ method?: string, body?: object }} [request]
 * @returns {Promise<any>} what the path answers
 */
async function ask(path, { method = 'GET', body } = {}) {
  const content = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`/simulator/${path}`, {
    method,
    cache: 'no-store',
    ...(body === undefined ? {} : content),
  })
  if (response.status === 204) return undefined
  const answer = await response.json().catch(() => undefined)
  if (response.ok && answer !== undefined) return answer
  throw new Refused(answer?.error?.message ?? words.failed)
}

/** @returns {Promise<Payment[]>} newest first */
export const listPayments = () => ask('payments')

/** @type {(id: string, act: string, amount: string | undefined) => Promise<Payment>} */
export const actOn = (id, action, amount) =>
  ask(`payments/${encodeURIComponent(id)}/act`, { method: 'POST', body: { action, amount } })

/** @returns {Promise<Fault[]>} */
export const listFaults = () => ask('faults')

/** Lets something go wrong until it is removed. @type {(kind: string) => Promise<Fault>} */
export const addFault = (kind) => ask('faults', { method: 'POST', body: { kind, times: null, delayMs: 5000 } })

/** @type {(id: string) => Promise<void>} */
export const removeFault = (id) => ask(`faults/${encodeURIComponent(id)}`, { method: 'DELETE' })

/**
 * Follows every change of a payment; `onOpen` is called at first and after every interruption.
 * @param {{ onOpen: () => void, onPayment: (payment: Payment) => void, onLost: () => void }} handlers
 */
export function followPayments({ onOpen, onPayment, onLost }) {
  const events = new EventSource('/simulator/events')
  events.onopen = onOpen
  events.onmessage = ({ data }) => onPayment(JSON.parse(data).payment)
  events.onerror = () => {
    onLost()
    if (events.readyState !== EventSource.CLOSED) return
    setTimeout(() => followPayments({ onOpen, onPayment, onLost }), retryMs)
  }
}

const retryMs = 1500
