import { byId, element } from './element.js'

/** @typedef {import('./person-api.js').Command} Command */

/** The bot's commands above the field: all of them, or those that begin with what is being typed. */
export class CommandList {
  #list = byId('command-list')
  /** @type {Command[]} */
  #commands = []
  /** @type {Command[]} */
  #shown = []
  #active = -1
  #onChoice
  #onToggle

  /**
   * @param {(command: string) => void} onChoice
   * @param {(isOpen: boolean, activeId: string | undefined) => void} onToggle
   */
  constructor(onChoice, onToggle) {
    this.#onChoice = onChoice
    this.#onToggle = onToggle
  }

  get isOpen() {
    return !this.#list.hidden
  }

  get isEmpty() {
    return this.#commands.length === 0
  }

  /** @param {Command[]} commands */
  set commands(commands) {
    this.#commands = commands
    if (this.isOpen) this.show('')
  }

  /** Shows the commands that begin so. @param {string} start */
  show(start) {
    this.#shown = this.#commands.filter(({ command }) => command.startsWith(start.toLowerCase()))
    this.#active = start === '' ? -1 : 0
    this.#draw()
  }

  hide() {
    this.#shown = []
    this.#draw()
  }

  /** Whether the list made use of the key. @param {string} key */
  takesKey(key) {
    if (!this.isOpen) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[key]
    if (step !== undefined) this.#move(step)
    else if (key === 'Escape') this.hide()
    else if ((key === 'Enter' || key === 'Tab') && this.#active >= 0) this.#choose(this.#shown[this.#active])
    else return false
    return true
  }

  /** @param {number} step */
  #move(step) {
    const { length } = this.#shown
    this.#active = this.#active < 0 && step < 0 ? length - 1 : (this.#active + step + length) % length
    this.#draw()
    this.#list.children[this.#active]?.scrollIntoView({ block: 'nearest' })
  }

  /** @param {Command | undefined} command */
  #choose(command) {
    this.hide()
    if (command !== undefined) this.#onChoice(`/${command.command}`)
  }

  #draw() {
    this.#list.hidden = this.#shown.length === 0
    this.#list.replaceChildren(...this.#shown.map((command, index) => this.#option(command, index)))
    this.#onToggle(this.isOpen, this.isOpen && this.#active >= 0 ? `command-${this.#active}` : undefined)
  }

  /**
   * @param {Command} command
   * @param {number} index
   */
  #option(command, index) {
    return element(
      'div',
      {
        class: 'command-option',
        id: `command-${index}`,
        role: 'option',
        'aria-selected': String(index === this.#active),
        onclick: () => this.#choose(command),
        onmousedown: (/** @type {MouseEvent} */ event) => event.preventDefault(),
      },
      element('b', {}, `/${command.command}`),
      element('span', {}, command.description),
    )
  }
}
