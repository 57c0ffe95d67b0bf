import { eventsPath, loadChat, RequestError } from './person-api.js'

/** @typedef {import('./person-api.js').Chat} Chat */
/** @typedef {import('./person-api.js').ChatEvent} ChatEvent */
/** @typedef {import('./person-api.js').Side} Side */
/**
 * @typedef {object} FeedHandlers
 * @property {(chat: Chat) => void} onChat the whole chat, at first and again after every interruption
 * @property {(event: ChatEvent) => void} onEvent
 * @property {(isConnected: boolean) => void} onConnection
 * @property {() => void} onGone the server knows no such person or bot any more
 */

const firstPauseMs = 300
const longestPauseMs = 5000

/** Follows one chat until closed, through every interruption, without missing an event. */
export class ChatFeed {
  #side
  #handlers
  #pauseMs = firstPauseMs
  /** @type {EventSource | undefined} */
  #source
  /** @type {number | undefined} */
  #timer
  /** Events that came while the chat was being loaded; `undefined` once it is. @type {ChatEvent[] | undefined} */
  #held
  #wake = () => {
    if (this.#timer !== undefined && document.visibilityState === 'visible') this.#connect()
  }

  /**
   * @param {Side} side
   * @param {FeedHandlers} handlers
   */
  constructor(side, handlers) {
    this.#side = side
    this.#handlers = handlers
    addEventListener('online', this.#wake)
    document.addEventListener('visibilitychange', this.#wake)
    this.#connect()
  }

  close() {
    removeEventListener('online', this.#wake)
    document.removeEventListener('visibilitychange', this.#wake)
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#source?.close()
    this.#source = undefined
  }

  #connect() {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const source = new EventSource(eventsPath(this.#side))
    this.#source = source
    this.#held = []
    source.onopen = () => void this.#load(source)
    source.onmessage = ({ data }) => this.#receive(JSON.parse(data))
    source.onerror = () => this.#lost(source)
  }

  /**
   * The chat is read once its events flow: nothing falls between the two.
   * @param {EventSource} source
   */
  async #load(source) {
    try {
      const chat = await loadChat(this.#side)
      if (this.#source === source) this.#loaded(chat)
    } catch (error) {
      this.#lost(source, error)
    }
  }

  /** @param {Chat} chat */
  #loaded(chat) {
    this.#pauseMs = firstPauseMs
    this.#handlers.onConnection(true)
    this.#handlers.onChat(chat)
    const held = this.#held ?? []
    this.#held = undefined
    for (const event of held) this.#handlers.onEvent(event)
  }

  /** @param {ChatEvent} event */
  #receive(event) {
    if (this.#held === undefined) this.#handlers.onEvent(event)
    else this.#held.push(event)
  }

  /**
   * @param {EventSource} source
   * @param {unknown} [error]
   */
  #lost(source, error) {
    source.close()
    if (this.#source !== source) return
    this.#source = undefined
    this.#handlers.onConnection(false)
    this.#retryLater(error)
  }

  /** @param {unknown} error */
  #retryLater(error) {
    if (error instanceof RequestError && error.status === 404) return this.#handlers.onGone()
    this.#timer = setTimeout(() => void this.#retry(), this.#pauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
  }

  /** A refused event stream does not say why, so the chat is asked for first. */
  async #retry() {
    const timer = this.#timer
    try {
      await loadChat(this.#side)
      if (this.#timer === timer && timer !== undefined) this.#connect()
    } catch (error) {
      if (this.#timer === timer && timer !== undefined) this.#retryLater(error)
    }
  }
}
