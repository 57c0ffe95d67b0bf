import { CommandList } from './command-list.js'
import { byId, element } from './element.js'
import { icon } from './icons.js'
import { ReplyKeyboardView } from './reply-keyboard-view.js'
import { texts } from './texts.js'

/** @typedef {import('./person-api.js').ChatMessage} ChatMessage */
/**
 * @typedef {object} ComposerHost
 * @property {(text: string, replyTo?: number) => Promise<boolean>} send whether it was sent
 * @property {(href: string) => void} openLink
 */

const isTouch = matchMedia('(pointer: coarse)').matches
const tallestPx = 160

/** Where the person writes: text, commands, files, and what they reply to. */
export class Composer {
  #host
  #form = byId('composer', HTMLFormElement)
  #field = byId('text', HTMLTextAreaElement)
  #send = byId('send', HTMLButtonElement)
  #menu = byId('menu-button', HTMLButtonElement)
  #replying = byId('replying')
  #commands
  #keyboard
  #isSending = false
  /** @type {ChatMessage | undefined} */
  #replyTo

  /** @param {ComposerHost} host */
  constructor(host) {
    this.#host = host
    this.#commands = new CommandList(
      (command) => void this.#sendText(command),
      (isOpen, activeId) => this.#showCommandState(isOpen, activeId),
    )
    this.#keyboard = new ReplyKeyboardView((text) => void this.#sendText(text), this.#field)
    this.#send.append(icon('send'))
    this.#listen()
    this.#changed()
  }

  /** Empties everything, for another chat. */
  clear() {
    this.#field.value = ''
    this.#commands.hide()
    this.replyTo(undefined)
    this.#changed()
  }

  focus() {
    if (!isTouch) this.#field.focus({ preventScroll: true })
  }

  /** Writes something for the person to send or change. @param {string} text */
  suggest(text) {
    this.#field.value = text
    this.#changed()
    this.#field.focus()
  }

  /**
   * @param {import('./person-api.js').Command[]} commands
   * @param {import('./person-api.js').MenuButton | undefined} button
   */
  showMenu(commands, button) {
    const url = button?.web_app?.url
    this.#commands.commands = commands
    this.#menu.hidden = url === undefined && commands.length === 0
    const text = url === undefined ? texts.menu : (button?.text ?? texts.menu)
    this.#menu.replaceChildren(icon(url === undefined ? 'menu' : 'link'), element('span', {}, text))
    this.#menu.setAttribute('aria-label', url === undefined ? texts.commands : text)
    this.#menu.onclick = () => (url === undefined ? this.#toggleCommands() : this.#host.openLink(url))
  }

  /** The keyboard that the newest message with one asks for. @param {Iterable<ChatMessage>} messages */
  showKeyboardOf(messages) {
    this.#keyboard.showFor(messages)
  }

  /** @param {ChatMessage | undefined} message @param {string} [name] */
  replyTo(message, name = '') {
    this.#replyTo = message
    this.#replying.hidden = message === undefined
    if (message === undefined) return
    const snippet = message.text ?? message.caption ?? message.document?.file_name ?? texts.photo
    const stop = () => this.replyTo(undefined)
    const cancel = element('button', { type: 'button', class: 'icon-button', onclick: stop }, icon('close'))
    cancel.setAttribute('aria-label', texts.replyCancel)
    const about = element('div', { class: 'replying-about' }, element('b', {}, name), element('span', {}, snippet))
    this.#replying.replaceChildren(icon('reply'), about, cancel)
    this.#field.focus()
  }

  /** The message that is being answered, which then no longer is. */
  takeReply() {
    const id = this.#replyTo?.message_id
    this.replyTo(undefined)
    return id
  }

  #listen() {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#sendText(this.#field.value)
    })
    this.#field.addEventListener('input', () => this.#changed())
    this.#field.addEventListener('keydown', (event) => this.#pressed(event))
    document.addEventListener('pointerdown', ({ target }) => {
      if (target instanceof Element && target.closest('.command-list, .composer') === null) this.#commands.hide()
    })
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing) return
    if (this.#commands.takesKey(event.key)) return event.preventDefault()
    if (event.key === 'Escape' && this.#replyTo !== undefined) return this.replyTo(undefined)
    if (event.key !== 'Enter' || event.shiftKey || isTouch) return
    event.preventDefault()
    void this.#sendText(this.#field.value)
  }

  #changed() {
    const { value, style } = this.#field
    style.height = 'auto'
    style.height = `${Math.min(this.#field.scrollHeight, tallestPx)}px`
    const isEmpty = value.trim() === ''
    this.#send.disabled = isEmpty
    this.#form.classList.toggle('writing', !isEmpty)
    const typed = /^\/(\w*)$/.exec(value)?.[1]
    if (typed === undefined) this.#commands.hide()
    else this.#commands.show(typed)
  }

  #toggleCommands() {
    if (this.#commands.isOpen) this.#commands.hide()
    else this.#commands.show('')
    this.focus()
  }

  /**
   * @param {boolean} isOpen
   * @param {string | undefined} activeId
   */
  #showCommandState(isOpen, activeId) {
    this.#menu.setAttribute('aria-expanded', String(isOpen))
    if (activeId === undefined) this.#field.removeAttribute('aria-activedescendant')
    else this.#field.setAttribute('aria-activedescendant', activeId)
  }

  /** What could not be sent stays in the field. @param {string} text */
  async #sendText(text) {
    if (text.trim() === '' || this.#isSending) return
    this.#isSending = true
    const isSent = await this.#host.send(text, this.#replyTo?.message_id)
    this.#isSending = false
    if (!isSent) return
    if (this.#field.value === text || text.startsWith('/')) this.#field.value = ''
    this.replyTo(undefined)
    this.#changed()
    this.focus()
  }
}
