import { byId, element } from './element.js'
import { initials } from './formats.js'
import { icon } from './icons.js'
import { avatar } from './people-panel.js'
import { texts } from './texts.js'

/** @typedef {import('./person-api.js').Bot} Bot */
/** @typedef {'loading' | 'start' | 'blocked' | 'write'} BottomMode */

const actionMs = 5000

/** @type {Record<string, string>} */
const actions = {
  typing: texts.typing,
  upload_document: texts.uploadingDocument,
  upload_photo: texts.uploadingPhoto,
}

/** What surrounds the messages: the bot's name and what it does, the banner, the bottom, the tab's title. */
export class ChatScreen {
  #status = byId('bot-status')
  #banner = byId('banner')
  #welcome = byId('welcome')
  /** @type {number | undefined} */
  #actionTimer
  #botName = ''
  #isBlocked = false
  #unseenCount = 0

  constructor() {
    byId('chat-menu').append(icon('more'))
    byId('attach').append(icon('attach'))
    byId('jump').prepend(icon('down'))
    document.addEventListener('visibilitychange', () => this.#seen())
  }

  /** @param {Bot} bot */
  open(bot) {
    this.#botName = bot.first_name
    byId('bot-avatar').replaceWith(withId(avatar(initials(bot)), 'bot-avatar'))
    byId('bot-name').textContent = bot.first_name
    this.#welcome.replaceChildren(
      avatar(initials(bot)),
      element('b', {}, bot.first_name),
      element('span', {}, `@${bot.username}`),
      element('p', {}, texts.welcome),
    )
    this.showAction(null)
    this.showBottom('loading')
    this.#seen()
  }

  /** @param {boolean} isConnected */
  showConnection(isConnected) {
    this.#banner.hidden = isConnected
    this.#banner.replaceChildren(...(isConnected ? [] : [element('span', { class: 'spinner' }), texts.away]))
  }

  /** What the bot is doing, for as long as Telegram shows it. @param {string | null} action */
  showAction(action) {
    clearTimeout(this.#actionTimer)
    const isBusy = action !== null && action !== 'cancel'
    this.#status.classList.toggle('busy', isBusy)
    this.#status.textContent = isBusy ? (actions[action] ?? texts.working) : this.#restingStatus()
    if (isBusy) this.#actionTimer = setTimeout(() => this.showAction(null), actionMs)
  }

  /** @param {BottomMode} mode */
  showBottom(mode) {
    byId('bottom').dataset['mode'] = mode
    this.#isBlocked = mode === 'blocked'
    if (!this.#status.classList.contains('busy')) this.showAction(null)
  }

  /** @param {boolean} isEmpty */
  showWelcome(isEmpty) {
    this.#welcome.hidden = !isEmpty
  }

  /** Reads a message of the bot out, and counts it in the title while nobody looks. @param {string} text */
  announce(text) {
    byId('announcer').textContent = text
    if (document.visibilityState === 'visible') return
    this.#unseenCount += 1
    this.#showTitle()
  }

  #seen() {
    if (document.visibilityState === 'hidden') return
    this.#unseenCount = 0
    this.#showTitle()
  }

  #showTitle() {
    document.title = this.#unseenCount === 0 ? this.#botName : `(${this.#unseenCount}) ${this.#botName}`
  }

  #restingStatus() {
    return this.#isBlocked ? texts.blocked : texts.bot
  }
}

/** One press of Start is one start, however often it is tapped. @param {() => Promise<void>} start */
export function watchStart(start) {
  const button = byId('start', HTMLButtonElement)
  button.addEventListener('click', async () => {
    button.disabled = true
    await start()
    button.disabled = false
  })
}

/**
 * @param {HTMLElement} target
 * @param {string} id
 */
function withId(target, id) {
  target.id = id
  return target
}
