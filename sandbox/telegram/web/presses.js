import { pressButton } from './person-api.js'

/** @typedef {import('./person-api.js').Answer} Answer */
/** @typedef {import('./person-api.js').Side} Side */
/** @typedef {{ messageId: number, data: string }} Press */
/**
 * @typedef {object} PressHost
 * @property {(messageId: number) => void} onChange a button of that message began or stopped waiting
 * @property {(answer: Answer) => void} onAnswer
 * @property {(error: unknown) => void} onRefused
 */

const patienceMs = 30_000
const remembered = 20

/** Presses that wait for the bot's answer. Answers to presses of other tabs are none of this page's business. */
export class Presses {
  #host
  /** @type {Set<Press>} */
  #waiting = new Set()
  /** @type {Map<string, Press>} */
  #byQuery = new Map()
  /** Answers that overtook the reply which names their query. @type {Answer[]} */
  #early = []

  /** @param {PressHost} host */
  constructor(host) {
    this.#host = host
  }

  /**
   * @param {number} messageId
   * @param {string} data
   */
  isWaiting(messageId, data) {
    return [...this.#waiting].some((press) => press.messageId === messageId && press.data === data)
  }

  /**
   * @param {Side} side
   * @param {number} messageId
   * @param {string} data
   */
  async press(side, messageId, data) {
    if (this.isWaiting(messageId, data)) return
    const press = { messageId, data }
    this.#waiting.add(press)
    this.#host.onChange(messageId)
    try {
      const { callback_query_id: queryId } = await pressButton(side, messageId, data)
      this.#asked(press, queryId)
    } catch (error) {
      this.#done(press)
      this.#host.onRefused(error)
    }
  }

  /** @param {Answer} answer */
  answered(answer) {
    const press = this.#byQuery.get(answer.callback_query_id)
    if (press === undefined) {
      this.#early = [...this.#early, answer].slice(-remembered)
      return
    }
    this.#byQuery.delete(answer.callback_query_id)
    this.#done(press)
    this.#host.onAnswer(answer)
  }

  /** Stops waiting for everything, for another chat. */
  clear() {
    this.#byQuery.clear()
    for (const press of this.#waiting) this.#done(press)
  }

  /**
   * @param {Press} press
   * @param {string} queryId
   */
  #asked(press, queryId) {
    if (!this.#waiting.has(press)) return
    this.#byQuery.set(queryId, press)
    setTimeout(() => this.#done(press), patienceMs)
    const early = this.#early.find((answer) => answer.callback_query_id === queryId)
    if (early !== undefined) this.answered(early)
  }

  /** @param {Press} press */
  #done(press) {
    if (this.#waiting.delete(press)) this.#host.onChange(press.messageId)
  }
}
