import { byId } from './element.js'
import { copyText, openTab } from './notices.js'
import { openMenu } from './popup-menu.js'
import { language, texts } from './texts.js'

/** @typedef {import('./popup-menu.js').MenuEntry} MenuEntry */

/**
 * Opens what can be done with one message.
 * @param {import('./person-api.js').ChatMessage} message
 * @param {{ x: number, y: number }} at
 * @param {{ reply: (() => void) | undefined, remove: () => void }} act
 */
export function openMessageMenu(message, at, { reply, remove }) {
  const text = message.text ?? message.caption
  /** @type {MenuEntry[]} */
  const entries = []
  if (reply !== undefined) entries.push({ text: texts.reply, icon: 'reply', run: reply })
  if (text !== undefined && message.protected !== true) {
    entries.push({ text: texts.copyText, icon: 'copy', run: () => void copyText(text) })
  }
  entries.push({ text: texts.deleteForBoth, icon: 'trash', run: remove, isDangerous: true })
  openMenu(entries, at)
}

/**
 * Opens what can be done with the chat, and where else one may want to go.
 * @param {boolean} isBlocked
 * @param {(blocked: boolean) => void} setBlocked
 * @param {import('./person-api.js').SideLink[]} links
 */
export function openChatMenu(isBlocked, setBlocked, links) {
  const { right, bottom } = byId('chat-menu').getBoundingClientRect()
  const text = isBlocked ? texts.unblock : texts.block
  /** @type {MenuEntry[]} */
  const entries = [
    ...links.map(({ names, url }) => ({
      text: names[language],
      icon: /** @type {const} */ ('link'),
      run: () => openTab(url),
    })),
    { text, icon: 'block', run: () => setBlocked(!isBlocked), isDangerous: !isBlocked },
  ]
  openMenu(entries, { x: right, y: bottom })
}
