import { byId, element } from './element.js'
import { texts } from './texts.js'

/** @typedef {import('./person-api.js').ChatMessage} ChatMessage */
/** @typedef {import('./person-api.js').ReplyKeyboard} ReplyKeyboard */

/** The keyboard a bot puts in the place of the device's own: its buttons send their text. */
export class ReplyKeyboardView {
  #panel = byId('reply-keyboard')
  #field
  #send
  #shown = ''
  /** A keyboard for one use is put away until another one comes. */
  #isUsed = false

  /**
   * @param {(text: string) => void} send
   * @param {HTMLTextAreaElement} field
   */
  constructor(send, field) {
    this.#send = send
    this.#field = field
  }

  /** @param {Iterable<ChatMessage>} messages */
  showFor(messages) {
    const keyboard = [...messages].findLast(({ reply_keyboard: found }) => found !== undefined)?.reply_keyboard
    const wanted = JSON.stringify(keyboard) ?? ''
    if (wanted === this.#shown) return
    this.#shown = wanted
    this.#isUsed = false
    this.#draw(keyboard)
  }

  /** @param {ReplyKeyboard | undefined} keyboard */
  #draw(keyboard) {
    const rows = keyboard?.kind === 'keyboard' && !this.#isUsed ? (keyboard.rows ?? []) : []
    const placeholder = keyboard?.placeholder
    this.#field.placeholder = placeholder === undefined || placeholder === '' ? texts.message : placeholder
    this.#panel.hidden = rows.length === 0
    const drawn = rows.map((row) => row.map((button) => this.#key(button.text, keyboard)))
    this.#panel.replaceChildren(...drawn.map((row) => element('div', { class: 'keyboard-row' }, ...row)))
  }

  /**
   * @param {string} text
   * @param {ReplyKeyboard | undefined} keyboard
   */
  #key(text, keyboard) {
    const press = () => {
      this.#isUsed = keyboard?.one_time === true
      this.#send(text)
      if (this.#isUsed) this.#draw(keyboard)
    }
    return element('button', { type: 'button', class: 'reply-key', onclick: press }, text)
  }
}
