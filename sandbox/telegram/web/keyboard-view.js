import { element } from './element.js'
import { icon } from './icons.js'

/** @typedef {import('./person-api.js').Button} Button */
/**
 * @typedef {object} KeyboardHost
 * @property {(button: Button, messageId: number) => void} press
 * @property {(messageId: number, data: string) => boolean} isWaiting
 */

const styles = ['primary', 'success', 'danger']
/** @type {Partial<Record<Button['kind'], import('./icons.js').IconName>>} */
const marks = { url: 'link', copy: 'copy', switch_inline: 'share', web_app: 'link' }

/** The inline keyboard under a message. A new keyboard keeps the focus where it was. */
export class KeyboardView {
  element = element('div', { class: 'keyboard' })
  #messageId
  #host
  #shown = ''
  /** @type {{ button: Button, key: HTMLButtonElement }[]} */
  #keys = []

  /**
   * @param {number} messageId
   * @param {KeyboardHost} host
   */
  constructor(messageId, host) {
    this.#messageId = messageId
    this.#host = host
  }

  /** @param {Button[][]} rows */
  update(rows) {
    const wanted = JSON.stringify(rows)
    if (wanted !== this.#shown) {
      const focused = this.#focused()
      this.#keys = []
      this.element.replaceChildren(...rows.map((row) => this.#row(row)))
      this.#shown = wanted
      this.#refocus(focused)
    }
    this.showWaiting()
  }

  /** Shows on each button whether its press is still unanswered. */
  showWaiting() {
    for (const { button, key } of this.#keys) {
      const isWaiting = button.data !== undefined && this.#host.isWaiting(this.#messageId, button.data)
      key.classList.toggle('waiting', isWaiting)
      key.setAttribute('aria-busy', String(isWaiting))
    }
  }

  /** @param {Button[]} row */
  #row(row) {
    return element('div', { class: 'keyboard-row' }, ...row.map((button) => this.#key(button)))
  }

  /** @param {Button} button */
  #key(button) {
    const style = styles.includes(button.style ?? '') ? ` key-${button.style}` : ''
    const press = () => this.#host.press(button, this.#messageId)
    const mark = marks[button.kind]
    const key = element(
      'button',
      { type: 'button', class: `key${style}`, 'data-kind': button.kind, onclick: press },
      element('span', { class: 'key-text', dir: 'auto' }, button.text),
      mark && icon(mark),
    )
    this.#keys.push({ button, key })
    return key
  }

  #focused() {
    const index = this.#keys.findIndex(({ key }) => key === document.activeElement)
    return index < 0 ? undefined : { index, data: this.#keys[index]?.button.data }
  }

  /**
   * The same button if it is still there, else the one that took its place.
   * @param {{ index: number, data: string | undefined } | undefined} focused
   */
  #refocus(focused) {
    if (focused === undefined) return
    const same = this.#keys.find(({ button }) => button.data !== undefined && button.data === focused.data)
    const next = same ?? this.#keys[Math.min(focused.index, this.#keys.length - 1)]
    next?.key.focus({ preventScroll: true })
  }
}
