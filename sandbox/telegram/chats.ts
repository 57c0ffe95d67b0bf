import { EventEmitter } from 'node:events'
import { type StoredMessage } from './messages.ts'
import { type Journal, type Table } from './journal.ts'

/** The private chat of one person with one bot. */
export type Chat = {
  botId: number
  personId: number
  started: boolean
  blocked: boolean
  lastMessageId: number
}

/** What happens in a chat, as the chat page and tests see it. */
export type ChatEvent =
  | { type: 'message'; message: StoredMessage }
  | { type: 'deleted'; message_id: number }
  | { type: 'action'; action: string }
  | { type: 'answer'; callback_query_id: string; text?: string; show_alert?: boolean; url?: string }
  | { type: 'chat' }

/** Chats and their messages; every change is an event. */
export class Chats {
  readonly #chats: Table<Chat>
  readonly #stored: Table<StoredMessage>
  readonly #messages = new Map<string, Map<number, StoredMessage>>()
  readonly #actions = new Map<string, { action: string; until: number }>()
  readonly #events = new EventEmitter().setMaxListeners(0)

  constructor(journal: Journal) {
    this.#chats = journal.table<Chat>('chats')
    this.#stored = journal.table<StoredMessage>('messages')
    for (const message of this.#stored.values()) this.#messagesOf(message).set(message.id, message)
  }

  /** The chat, even if nobody ever wrote in it. */
  open(botId: number, personId: number): Chat {
    const empty = { botId, personId, started: false, blocked: false, lastMessageId: 0 }
    return this.#chats.get(chatKey({ botId, personId })) ?? empty
  }

  change(chat: Chat, change: Partial<Chat>): Chat {
    const changed = { ...chat, ...change }
    this.#chats.put(chatKey(chat), changed)
    if (change.started !== undefined || change.blocked !== undefined) this.announce(chat, { type: 'chat' })
    return changed
  }

  messages(chat: ChatKey): StoredMessage[] {
    return [...this.#messagesOf(chat).values()]
  }

  message(chat: ChatKey, id: number): StoredMessage | undefined {
    return this.#messagesOf(chat).get(id)
  }

  /** Adds a message with the next id of its chat. */
  add(chat: ChatKey, message: Omit<StoredMessage, 'id' | 'botId' | 'personId'>): StoredMessage {
    const current = this.open(chat.botId, chat.personId)
    const id = current.lastMessageId + 1
    this.change(current, { lastMessageId: id })
    const stored = { ...message, id, botId: chat.botId, personId: chat.personId }
    this.put(stored)
    return stored
  }

  put(message: StoredMessage): void {
    if (message.from === 'bot') this.#actions.delete(chatKey(message))
    this.#messagesOf(message).set(message.id, message)
    this.#stored.put(messageKey(message), message)
    this.announce(message, { type: 'message', message })
  }

  remove(message: StoredMessage): void {
    this.#messagesOf(message).delete(message.id)
    this.#stored.remove(messageKey(message))
    this.announce(message, { type: 'deleted', message_id: message.id })
  }

  announce(chat: ChatKey, event: ChatEvent): void {
    this.#events.emit(chatKey(chat), event)
  }

  /** Shows what the bot is busy with, until that time or its next message. */
  act(chat: ChatKey, action: string, until: number): void {
    this.#actions.set(chatKey(chat), { action, until })
    this.announce(chat, { type: 'action', action })
  }

  /** What is shown at that time. */
  actionAt(chat: ChatKey, now: number): string | null {
    const shown = this.#actions.get(chatKey(chat))
    return shown !== undefined && now < shown.until && shown.action !== 'cancel' ? shown.action : null
  }

  /** Listens to one chat; the returned function stops. */
  listen(chat: ChatKey, listener: (event: ChatEvent) => void): () => void {
    this.#events.on(chatKey(chat), listener)
    return () => this.#events.off(chatKey(chat), listener)
  }

  #messagesOf(chat: ChatKey): Map<number, StoredMessage> {
    const key = chatKey(chat)
    const messages = this.#messages.get(key) ?? new Map<number, StoredMessage>()
    this.#messages.set(key, messages)
    return messages
  }
}

export type ChatKey = { botId: number; personId: number }

const chatKey = ({ botId, personId }: ChatKey) => `${botId}:${personId}`

const messageKey = ({ botId, personId, id }: StoredMessage) => `${botId}:${personId}:${id}`
