import { element } from './element.js'
import { statusWord } from './status-badge.js'
import { language, words } from './words.js'

const clock = new Intl.DateTimeFormat(language, { timeStyle: 'medium' })

/**
 * What the shop was told and what it answered, newest first.
 * @param {import('./simulator.js').Notification[]} notifications
 */
export function notificationLog(notifications) {
  if (notifications.length === 0) return element('p', { class: 'soft' }, words.quiet)
  return element('ol', { class: 'log' }, ...notifications.map(row).reverse())
}

/** @param {import('./simulator.js').Notification} notification */
function row({ at, status, answer, attempt }) {
  const isHeard = typeof answer === 'number' && answer >= 200 && answer < 300
  const said = typeof answer === 'number' ? String(answer) : (answers[answer] ?? answer)
  return element(
    'li',
    {},
    element('time', { datetime: at, class: 'soft' }, clock.format(new Date(at))),
    element('span', { title: status }, statusWord(status)),
    element('span', { class: 'soft' }, attempt > 1 ? words.attempt(attempt) : ''),
    element('span', { class: isHeard ? 'badge tone-good' : 'badge tone-bad' }, said),
  )
}

/** @type {Record<string, string>} */
const answers = words.answers
