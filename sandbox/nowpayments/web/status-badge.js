import { element } from './element.js'
import { words } from './words.js'

/** @type {Record<string, string>} */
const tones = {
  waiting: 'idle',
  finished: 'good',
  failed: 'bad',
  expired: 'bad',
  cancelled: 'bad',
  refunded: 'odd',
  partially_paid: 'odd',
  wrong_asset_confirmed: 'odd',
}

/** Good, bad, odd, idle, or on its way. @param {string} status */
export const toneOf = (status) => tones[status] ?? 'going'

/** The status in the reader's language; one that is new to the page in the provider's. @param {string} status */
export const statusWord = (status) => /** @type {Record<string, string>} */ (words.statuses)[status] ?? status

/** @param {string} status */
export const statusBadge = (status) =>
  element('span', { class: `badge tone-${toneOf(status)}`, title: status }, statusWord(status))
