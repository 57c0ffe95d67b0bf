import { texts } from './texts.js'

/** @typedef {{ command: string, description: string }} Command */
/** @typedef {{ id: number, username: string, first_name: string, commands: Command[] }} Bot */
/** @typedef {{ first_name: string, last_name?: string, username?: string, language_code?: string }} NewPerson */
/** @typedef {NewPerson & { id: number, language_code: string, color: string }} Person */
/** @typedef {{ type: string, text?: string, web_app?: { url: string } }} MenuButton */
/**
 * @typedef {object} Button
 * @property {string} text
 * @property {'callback' | 'url' | 'copy' | 'switch_inline' | 'web_app'} kind
 * @property {string} [data]
 * @property {string} [url]
 * @property {string} [copy]
 * @property {string} [query]
 * @property {string} [style]
 */
/** @typedef {{ file_id: string, width: number, height: number }} Picture */
/**
 * @typedef {object} Document
 * @property {string} file_id
 * @property {string} file_name
 * @property {string} mime_type
 * @property {number} file_size
 * @property {string} [thumbnail_file_id]
 */
/**
 * @typedef {object} ReplyKeyboard
 * @property {'keyboard' | 'remove' | 'force_reply'} kind
 * @property {{ text: string, style?: string }[][]} [rows]
 * @property {boolean} [one_time]
 * @property {string} [placeholder]
 */
/**
 * @typedef {object} ChatMessage
 * @property {number} message_id
 * @property {number} date
 * @property {number} [edit_date]
 * @property {'bot' | 'person'} from
 * @property {string} [text]
 * @property {string} [caption]
 * @property {string} html
 * @property {Picture} [photo]
 * @property {Document} [document]
 * @property {{ message_id: number, snippet: string }} [reply_to]
 * @property {Button[][]} [keyboard]
 * @property {ReplyKeyboard} [reply_keyboard]
 * @property {string} [album_id]
 * @property {true} [forwarded]
 * @property {true} [protected]
 */
/**
 * @typedef {object} Chat
 * @property {Person} person
 * @property {Bot} bot
 * @property {boolean} blocked
 * @property {boolean} started
 * @property {ChatMessage[]} messages
 * @property {Command[]} commands
 * @property {MenuButton} [menu_button]
 * @property {string | null} typing
 */
/** @typedef {{ type: 'answer', callback_query_id: string, text?: string, show_alert?: boolean, url?: string }} Answer */
/**
 * @typedef {{ type: 'message', message: ChatMessage }
 *   | { type: 'deleted', message_id: number }
 *   | { type: 'action', action: string }
 *   | Answer
 *   | { type: 'chat', blocked: boolean, started: boolean, commands: Command[] }} ChatEvent
 */
/** @typedef {{ personId: number, botId: number }} Side */
/** @typedef {{ names: { en: string, fr: string }, url: string }} SideLink */

/** Why a request came to nothing, in words to show; the status is 0 when nobody answered. */
export class RequestError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(status, message, options) {
    super(message, options)
    this.name = 'RequestError'
    this.status = status
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>} whatever the contract says the path answers
 */
async function request(method, path, body) {
  const response = await send(method, path, body)
  if (response.status === 204) return undefined
  const answer = await response.json().catch(() => undefined)
  if (response.ok && answer !== undefined) return answer
  throw new RequestError(response.status, answer?.error ?? answer?.description ?? texts.failed)
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object | undefined} body
 */
async function send(method, path, body) {
  /** @type {RequestInit} */
  const init = { method, cache: 'no-store' }
  if (body !== undefined) init.body = JSON.stringify(body)
  if (body !== undefined) init.headers = { 'content-type': 'application/json' }
  try {
    return await fetch(path, init)
  } catch (cause) {
    throw new RequestError(0, texts.away, { cause })
  }
}

/** @param {Side} side */
export const chatPath = ({ personId, botId }) => `/person/chats/${personId}/${botId}`

/** @returns {Promise<Bot[]>} */
export const listBots = () => request('GET', '/person/bots')

/** @returns {Promise<Person[]>} */
export const listPeople = () => request('GET', '/person/people')

/** @returns {Promise<SideLink[]>} */
export const listLinks = () => request('GET', '/person/links')

/** @type {(person: NewPerson) => Promise<Person>} */
export const addPerson = (person) => request('POST', '/person/people', person)

/** @type {(side: Side) => Promise<Chat>} */
export const loadChat = (side) => request('GET', chatPath(side))

/** @type {(side: Side, text: string, replyTo?: number) => Promise<ChatMessage>} */
export const sendText = (side, text, replyTo) =>
  request('POST', `${chatPath(side)}/messages`, { text, reply_to_message_id: replyTo })

/** @type {(side: Side, messageId: number, data: string) => Promise<{ callback_query_id: string }>} */
export const pressButton = (side, messageId, data) =>
  request('POST', `${chatPath(side)}/press`, { message_id: messageId, data })

/** @type {(side: Side, blocked: boolean) => Promise<Chat>} */
export const setBlocked = (side, blocked) => request('POST', `${chatPath(side)}/${blocked ? 'block' : 'unblock'}`)

/** @type {(side: Side, messageId: number) => Promise<void>} */
export const deleteMessage = (side, messageId) => request('DELETE', `${chatPath(side)}/messages/${messageId}`)

/** @param {Side} side */
export const eventsPath = ({ personId, botId }) => `/person/events/${personId}/${botId}`

/** @param {string} fileId */
export const filePath = (fileId) => `/person/files/${encodeURIComponent(fileId)}`
