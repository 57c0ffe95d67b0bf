import { byId, element } from './element.js'
import { dayKey, dayText } from './formats.js'
import { MessageView } from './message-view.js'
import { ScrollKeeper } from './scroll-keeper.js'

/** @typedef {import('./person-api.js').ChatMessage} ChatMessage */

const pageSize = 100

/** The messages of the chat, oldest first, with a line wherever a day begins. */
export class MessageList {
  #host
  #rows = byId('messages')
  #earlier = byId('earlier', HTMLButtonElement)
  #jump = byId('jump', HTMLButtonElement)
  #jumpCount = byId('jump-count')
  #keeper = new ScrollKeeper(byId('scroller'), this.#rows)
  /** @type {Map<number, ChatMessage>} */
  #messages = new Map()
  /** @type {Map<number, MessageView>} */
  #views = new Map()
  /** @type {Map<string, HTMLElement>} */
  #days = new Map()
  #shownCount = pageSize
  #unreadCount = 0

  /** @param {import('./message-view.js').MessageHost} host */
  constructor(host) {
    this.#host = host
    this.#keeper.onPinned = () => this.#showJump()
    this.#jump.addEventListener('click', () => this.toBottom())
    this.#earlier.addEventListener('click', () => this.#showEarlier())
  }

  get size() {
    return this.#messages.size
  }

  /** Oldest first. */
  get messages() {
    return [...this.#messages.values()].sort((a, b) => a.message_id - b.message_id)
  }

  /** The message that a part of its bubble belongs to. @param {Element | null} part */
  messageOf(part) {
    const row = part?.closest('.message')
    return row instanceof HTMLElement ? this.#messages.get(Number(row.dataset['id'])) : undefined
  }

  /** Forgets everything, for another chat. */
  clear() {
    this.#messages.clear()
    this.#shownCount = pageSize
    this.#unreadCount = 0
    this.#arrange()
    this.toBottom()
  }

  /** @param {ChatMessage[]} messages all that the chat has */
  replaceAll(messages) {
    this.#messages = new Map(messages.map((message) => [message.message_id, message]))
    this.#keeper.around(() => {
      for (const [id, view] of this.#views) this.#refresh(view, this.#messages.get(id))
      this.#arrange()
    })
    this.#rows.classList.remove('lively')
  }

  /** Adds a message, or changes it in place. @param {ChatMessage} message */
  put(message) {
    const isNew = !this.#messages.has(message.message_id)
    if (isNew && !this.#keeper.isPinned && message.from === 'bot') this.#unreadCount += 1
    this.#messages.set(message.message_id, message)
    this.#rows.classList.add('lively')
    this.#keeper.around(() => {
      const view = this.#views.get(message.message_id)
      if (view === undefined) this.#arrange()
      else this.#refresh(view, message)
    })
    if (isNew && message.from === 'person') this.toBottom()
    this.#showJump()
  }

  /** @param {number} messageId */
  remove(messageId) {
    if (!this.#messages.delete(messageId)) return
    this.#keeper.around(() => this.#arrange())
  }

  /** @param {number} messageId */
  showWaiting(messageId) {
    this.#views.get(messageId)?.showWaiting()
  }

  /** Brings a message into view, if the chat still has it. @param {number} messageId */
  show(messageId) {
    const older = [...this.#messages.keys()].filter((id) => id >= messageId).length
    if (!this.#messages.has(messageId)) return
    this.#shownCount = Math.max(this.#shownCount, older)
    this.#arrange()
    const view = this.#views.get(messageId)
    view?.element.scrollIntoView({ block: 'center', behavior: 'instant' })
    view?.flash()
  }

  toBottom() {
    this.#keeper.toBottom()
    this.#showJump()
  }

  #showEarlier() {
    this.#shownCount += pageSize
    this.#rows.classList.remove('lively')
    this.#keeper.around(() => this.#arrange())
  }

  /**
   * @param {MessageView} view
   * @param {ChatMessage | undefined} message
   */
  #refresh(view, message) {
    if (message !== undefined && JSON.stringify(message) !== JSON.stringify(view.message)) view.update(message)
  }

  #showJump() {
    if (this.#keeper.isPinned) this.#unreadCount = 0
    this.#jump.hidden = this.#keeper.isPinned
    this.#jumpCount.hidden = this.#unreadCount === 0
    this.#jumpCount.textContent = String(this.#unreadCount)
  }

  /** Brings the page in line with the messages; what is already in its place is not touched. */
  #arrange() {
    const newest = this.messages.slice(-this.#shownCount)
    this.#earlier.hidden = newest.length === this.#messages.size
    const wanted = this.#rowsOf(newest)
    const kept = new Set(wanted)
    for (const row of [...this.#rows.children]) if (!kept.has(/** @type {HTMLElement} */ (row))) row.remove()
    for (const [index, row] of wanted.entries()) {
      if (this.#rows.children[index] !== row) this.#rows.insertBefore(row, this.#rows.children[index] ?? null)
    }
  }

  /** @param {ChatMessage[]} messages */
  #rowsOf(messages) {
    const [views, days] = [this.#views, this.#days]
    this.#views = new Map()
    this.#days = new Map()
    return messages.flatMap((message, index) => {
      const [previous, next] = [messages[index - 1], messages[index + 1]]
      const view = views.get(message.message_id) ?? new MessageView(message, this.#host)
      this.#views.set(message.message_id, view)
      view.element.classList.toggle('is-first', !isSameGroup(previous, message))
      view.element.classList.toggle('is-last', !isSameGroup(message, next))
      view.element.classList.toggle('in-album', isSameAlbum(previous, message) || isSameAlbum(message, next))
      return startsDay(previous, message) ? [this.#dayRow(message, days), view.element] : [view.element]
    })
  }

  /**
   * @param {ChatMessage} message
   * @param {Map<string, HTMLElement>} known
   */
  #dayRow({ date }, known) {
    const key = dayKey(date)
    const row = known.get(key) ?? element('li', { class: 'day' }, element('span'))
    row.firstElementChild?.replaceChildren(dayText(date))
    this.#days.set(key, row)
    return row
  }
}

/**
 * @param {ChatMessage | undefined} previous
 * @param {ChatMessage} message
 */
const startsDay = (previous, message) => previous === undefined || dayKey(previous.date) !== dayKey(message.date)

/**
 * @param {ChatMessage | undefined} message
 * @param {ChatMessage | undefined} next
 */
const isSameAlbum = (message, next) => message?.album_id !== undefined && message.album_id === next?.album_id

/**
 * @param {ChatMessage | undefined} message
 * @param {ChatMessage | undefined} next
 */
const isSameGroup = (message, next) =>
  message !== undefined && next !== undefined && message.from === next.from && !startsDay(message, next)
