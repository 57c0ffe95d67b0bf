import { Attachments } from './attachments.js'
import { readBotLink, readShareLink } from './bot-links.js'
import { ChatFeed } from './chat-feed.js'
import { ChatScreen, watchStart } from './chat-screen.js'
import { Composer } from './composer.js'
import { byId } from './element.js'
import { openChatMenu, openMessageMenu } from './menus.js'
import { MessageList } from './message-list.js'
import { copyText, openTab, showAlert, showError, showToast } from './notices.js'
import * as api from './person-api.js'
import { watchPresses } from './message-presses.js'
import { Presses } from './presses.js'
import { texts } from './texts.js'

/** @typedef {import('./person-api.js').Bot} Bot */
/** @typedef {import('./person-api.js').Chat} Chat */
/** @typedef {import('./person-api.js').ChatMessage} ChatMessage */
/** @typedef {import('./person-api.js').Person} Person */
/**
 * @typedef {object} ChatPageHost
 * @property {(link: import('./bot-links.js').BotLink) => boolean} openBot whether the bot lives here
 * @property {(shared: { url: string, text: string }) => void} share
 * @property {() => void} onGone
 */
/** @typedef {Pick<Chat, 'blocked' | 'started' | 'commands'> & Partial<Chat>} ChatState */

/** The open chat of one person with one bot: what happens in it, and what the person can do. */
export class ChatPage {
  #host
  #screen = new ChatScreen()
  #list
  #composer
  #presses
  /** @type {ChatFeed | undefined} */
  #feed
  /** @type {{ person: Person, bot: Bot } | undefined} */
  #pair
  /** @type {ChatState | undefined} */
  #state
  /** Pages beside the chat. @type {import('./person-api.js').SideLink[]} */
  links = []
  /** What the next start brings along. @type {string | undefined} */
  #payload

  /** @param {ChatPageHost} host */
  constructor(host) {
    this.#host = host
    this.#presses = new Presses({
      onChange: (messageId) => this.#list.showWaiting(messageId),
      onAnswer: (answer) => this.#answered(answer),
      onRefused: showError,
    })
    this.#list = new MessageList({
      press: (button, messageId) => this.#press(button, messageId),
      isWaiting: (messageId, data) => this.#presses.isWaiting(messageId, data),
      sendCommand: (command) => void this.#send(command),
      openMenu: (message, at) => this.#openMessageMenu(message, at),
      showMessage: (messageId) => this.#list.show(messageId),
    })
    this.#composer = new Composer({
      send: (text, replyTo) => this.#send(text, replyTo),
      openLink: (href) => this.openLink(href),
    })
    new Attachments({
      target: () => (this.#isOpen ? this.#side : undefined),
      takeReply: () => this.#composer.takeReply(),
      sent: () => this.#list.toBottom(),
    })
    this.#listen()
  }

  /**
   * Opens the chat of a person with a bot; the payload is for its start.
   * @param {Person} person
   * @param {Bot} bot
   * @param {string} [payload]
   */
  open(person, bot, payload) {
    this.#feed?.close()
    this.#pair = { person, bot }
    this.#state = undefined
    this.#payload = payload
    this.#presses.clear()
    this.#composer.clear()
    this.#list.clear()
    this.#screen.open(bot)
    this.#feed = new ChatFeed(this.#side, {
      onChat: (chat) => this.#loaded(chat),
      onEvent: (event) => this.#happened(event),
      onConnection: (isConnected) => this.#screen.showConnection(isConnected),
      onGone: () => this.#host.onGone(),
    })
  }

  /** Starts the bot of the open chat with a payload, as soon as the chat allows. @param {string} payload */
  start(payload) {
    this.#payload = payload
    this.#sendPayload()
  }

  /** Links to bots act in the chat, what is to be shared is handed on, all others open a tab. @param {string} href */
  openLink(href) {
    const [link, shared] = [readBotLink(href), readShareLink(href)]
    if (shared !== undefined) this.#host.share(shared)
    else if (link === undefined) openTab(href)
    else if (!this.#host.openBot(link)) showToast(`@${link.username}: ${texts.nobody}`, { isError: true })
  }

  /** Writes something for the person to send or change. @param {string} text */
  suggest(text) {
    this.#composer.suggest(text)
  }

  get #side() {
    if (this.#pair === undefined) throw new Error('Expected an open chat')
    return { personId: this.#pair.person.id, botId: this.#pair.bot.id }
  }

  /** @param {Chat} chat */
  #loaded(chat) {
    this.#list.replaceAll(chat.messages)
    this.#screen.showAction(chat.typing)
    this.#changed(chat)
  }

  /** @param {import('./person-api.js').ChatEvent} event */
  #happened(event) {
    if (event.type === 'message') this.#received(event.message)
    else if (event.type === 'deleted') this.#list.remove(event.message_id)
    else if (event.type === 'action') this.#screen.showAction(event.action)
    else if (event.type === 'answer') this.#presses.answered(event)
    else this.#changed({ ...this.#state, ...event })
    this.#screen.showWelcome(this.#list.size === 0)
  }

  /** @param {ChatMessage} message */
  #received(message) {
    this.#list.put(message)
    this.#composer.showKeyboardOf(this.#list.messages)
    if (message.from !== 'bot') return
    this.#screen.showAction(null)
    const what = message.text ?? message.caption ?? message.document?.file_name ?? texts.photo
    this.#screen.announce(`${this.#nameOf(message)}: ${what}`)
  }

  /** @param {ChatState} state */
  #changed(state) {
    this.#state = state
    this.#screen.showBottom(state.blocked ? 'blocked' : state.started ? 'write' : 'start')
    this.#screen.showWelcome(this.#list.size === 0)
    this.#composer.showMenu(state.commands, state.menu_button)
    this.#composer.showKeyboardOf(this.#list.messages)
    this.#sendPayload()
  }

  /** Whether the chat has begun and can be written to. */
  get #isOpen() {
    return this.#state?.started === true && !this.#state.blocked
  }

  /** A deep link waits for the person to press Start, unless the chat has begun. */
  #sendPayload() {
    if (this.#payload !== undefined && this.#isOpen) void this.#sendStart()
  }

  /** A payload is used up by the start that takes it along, and kept when that start fails. */
  async #sendStart() {
    const payload = this.#payload
    this.#payload = undefined
    const isSent = await this.#send(payload === undefined ? '/start' : `/start ${payload}`)
    if (!isSent) this.#payload = payload
  }

  /** @param {import('./person-api.js').Answer} answer */
  #answered({ text = '', show_alert: isAlert = false, url }) {
    if (text !== '' && isAlert) showAlert(this.#pair?.bot.first_name ?? '', text)
    else if (text !== '') showToast(text)
    if (url !== undefined) this.openLink(url)
  }

  /**
   * @param {import('./person-api.js').Button} button
   * @param {number} messageId
   */
  #press({ kind, data, url, copy, query }, messageId) {
    if (kind === 'callback' && data !== undefined) void this.#presses.press(this.#side, messageId, data)
    else if (kind === 'copy' && copy !== undefined) void copyText(copy)
    else if (kind === 'switch_inline') this.#composer.suggest(`@${this.#pair?.bot.username} ${query ?? ''}`)
    else if (url !== undefined) this.openLink(url)
  }

  /**
   * @param {string} text
   * @param {number} [replyTo]
   */
  async #send(text, replyTo) {
    const isSent = await this.#try(() => api.sendText(this.#side, text, replyTo))
    if (isSent) this.#list.toBottom()
    return isSent
  }

  /**
   * @param {ChatMessage} message
   * @param {{ x: number, y: number }} at
   */
  #openMessageMenu(message, at) {
    const side = this.#side
    openMessageMenu(message, at, {
      reply: this.#state?.blocked === false ? () => this.#composer.replyTo(message, this.#nameOf(message)) : undefined,
      remove: () => void this.#try(() => api.deleteMessage(side, message.message_id)),
    })
  }

  /** @param {boolean} blocked */
  #setBlocked(blocked) {
    return this.#try(() => api.setBlocked(this.#side, blocked))
  }

  /** Whether it worked; if not, the person is told why. @param {() => Promise<unknown>} act */
  async #try(act) {
    try {
      await act()
      return true
    } catch (error) {
      showError(error)
      return false
    }
  }

  /** @param {ChatMessage} message */
  #nameOf({ from }) {
    return from === 'person' ? texts.you : (this.#pair?.bot.first_name ?? texts.bot)
  }

  #listen() {
    byId('chat-menu').addEventListener('click', () => {
      const setBlocked = (/** @type {boolean} */ blocked) => void this.#setBlocked(blocked)
      openChatMenu(this.#state?.blocked === true, setBlocked, this.links)
    })
    watchStart(() => this.#sendStart())
    byId('unblock').addEventListener('click', () => void this.#setBlocked(false))
    watchPresses({
      openLink: (href) => this.openLink(href),
      messageOf: (part) => this.#list.messageOf(part),
    })
  }
}
