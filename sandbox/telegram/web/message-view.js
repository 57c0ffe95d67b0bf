import { documentView } from './document-view.js'
import { element } from './element.js'
import { exactTimeText, timeText } from './formats.js'
import { icon } from './icons.js'
import { KeyboardView } from './keyboard-view.js'
import { PictureView, shownRatio } from './picture-view.js'
import { richText } from './rich-text.js'
import { texts } from './texts.js'

/** @typedef {import('./person-api.js').ChatMessage} ChatMessage */
/**
 * @typedef {object} OwnMessageHost
 * @property {(command: string) => void} sendCommand
 * @property {(message: ChatMessage, at: { x: number, y: number }) => void} openMenu
 * @property {(messageId: number) => void} showMessage
 */
/** @typedef {import('./keyboard-view.js').KeyboardHost & OwnMessageHost} MessageHost */

/** One message of the chat, changed in place when it is edited. */
export class MessageView {
  element
  #message
  #host
  #bubble = element('div', { class: 'bubble' })
  #picture = new PictureView()
  #text = element('div', { class: 'text', dir: 'auto' })
  #meta = element('span', { class: 'meta' })
  #keyboard

  /**
   * @param {ChatMessage} message
   * @param {MessageHost} host
   */
  constructor(message, host) {
    this.#message = message
    this.#host = host
    this.#keyboard = new KeyboardView(message.message_id, host)
    const id = message.message_id
    this.element = element('li', { class: `message from-${message.from}`, 'data-id': id })
    this.element.append(element('div', { class: 'line' }, this.#bubble, this.#menuButton()), this.#keyboard.element)
    this.#bubble.addEventListener('contextmenu', (event) => this.#contextMenu(event))
    this.update(message)
  }

  get message() {
    return this.#message
  }

  /** @param {ChatMessage} message */
  update(message) {
    this.#message = message
    const { photo, keyboard = [] } = message
    if (photo !== undefined) this.element.style.setProperty('--ratio', String(shownRatio(photo)))
    this.element.classList.toggle('has-picture', photo !== undefined)
    this.element.classList.toggle('has-document', message.document !== undefined)
    this.element.classList.toggle('has-text', message.html !== '')
    this.element.classList.toggle('has-keyboard', keyboard.length > 0)
    this.#keyboard.element.hidden = keyboard.length === 0
    this.#keyboard.update(keyboard)
    this.#fillBubble(message)
  }

  showWaiting() {
    this.#keyboard.showWaiting()
  }

  /** Draws attention to the message after a jump to it. */
  flash() {
    this.element.classList.remove('flashed')
    void this.element.offsetWidth // without a layout in between the animation would not start again
    this.element.classList.add('flashed')
  }

  /** @param {ChatMessage} message */
  #fillBubble(message) {
    const { photo, document: file, html } = message
    if (photo !== undefined) this.#picture.update(photo)
    const onCommand = message.from === 'bot' ? this.#host.sendCommand : undefined
    this.#text.replaceChildren(richText(html, { onCommand }))
    this.#fillMeta(message)
    if (html !== '') this.#text.append(this.#meta)
    const parts = [
      message.forwarded && element('span', { class: 'forwarded' }, texts.forwarded),
      message.reply_to && this.#reply(message.reply_to),
      photo && this.#picture.element,
      file && documentView(file, message.protected === true),
      html === '' ? this.#meta : this.#text,
    ]
    const shown = parts.filter((part) => part !== undefined)
    showParts(this.#bubble, shown)
  }

  /** @param {ChatMessage} message */
  #fillMeta({ date, edit_date: edited, from, keyboard }) {
    const isEdited = edited !== undefined && keyboard === undefined
    const time = element('time', { datetime: new Date(date * 1000).toISOString() }, timeText(date))
    this.#meta.title = exactTimeText(date)
    this.#meta.replaceChildren(...(isEdited ? [`${texts.edited} `] : []), time)
    if (from === 'person') this.#meta.append(icon('read'))
  }

  /** @param {{ message_id: number, snippet: string }} reply */
  #reply({ message_id: id, snippet }) {
    const show = () => this.#host.showMessage(id)
    return element(
      'button',
      { type: 'button', class: 'reply', onclick: show },
      element('span', { dir: 'auto' }, snippet),
    )
  }

  #menuButton() {
    const open = () => {
      const { left, bottom } = button.getBoundingClientRect()
      this.#host.openMenu(this.#message, { x: left, y: bottom })
    }
    const label = texts.messageMenu
    const button = element('button', { type: 'button', class: 'message-menu', 'aria-label': label, onclick: open })
    button.setAttribute('aria-haspopup', 'menu')
    button.append(icon('more'))
    return button
  }

  /** @param {MouseEvent} event */
  #contextMenu(event) {
    const isLink = event.target instanceof Element && event.target.closest('a') !== null
    if (isLink || getSelection()?.isCollapsed === false) return
    event.preventDefault()
    this.#host.openMenu(this.#message, { x: event.clientX, y: event.clientY })
  }
}

/**
 * Replaces what differs and leaves the rest alone, so that a picture that stays is not taken out and put back.
 * @param {HTMLElement} bubble
 * @param {HTMLElement[]} parts
 */
function showParts(bubble, parts) {
  for (const child of [...bubble.children]) if (!parts.some((part) => part === child)) child.remove()
  for (const [index, part] of parts.entries()) {
    if (bubble.children[index] !== part) bubble.insertBefore(part, bubble.children[index] ?? null)
  }
}
