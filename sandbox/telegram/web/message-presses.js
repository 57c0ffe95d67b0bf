import { readBotLink, readShareLink } from './bot-links.js'
import { byId } from './element.js'
import { copyText } from './notices.js'
import { showPicture } from './picture-viewer.js'
import { pressRichText } from './rich-text.js'

/**
 * @typedef {object} PressedHost
 * @property {(href: string) => void} openLink
 * @property {(part: Element) => import('./person-api.js').ChatMessage | undefined} messageOf
 */

/**
 * Presses on what a message shows: hidden text, code, links to bots, pictures.
 * @param {PressedHost} host
 */
export function watchPresses(host) {
  const rows = byId('messages')
  const copy = (/** @type {string} */ text) => void copyText(text)
  rows.addEventListener('click', (event) => {
    pressRichText(event, copy)
    pressLink(event, host)
    pressPicture(event, host)
  })
  rows.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') pressRichText(event, copy)
  })
}

/**
 * @param {MouseEvent} event
 * @param {PressedHost} host
 */
function pressLink(event, { openLink }) {
  const link = event.target instanceof Element ? event.target.closest('.text a') : null
  if (!(link instanceof HTMLAnchorElement)) return
  if (readBotLink(link.href) === undefined && readShareLink(link.href) === undefined) return
  event.preventDefault()
  openLink(link.href)
}

/**
 * @param {MouseEvent} event
 * @param {PressedHost} host
 */
function pressPicture(event, { messageOf }) {
  const picture = event.target instanceof Element ? event.target.closest('.picture') : null
  if (picture === null) return
  const message = messageOf(picture)
  if (message?.photo !== undefined) showPicture(message.photo, message.caption ?? '')
}
