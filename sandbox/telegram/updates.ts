import { type Clock, unixTime } from './clock.ts'
import { type Journal, type Table } from './journal.ts'

/** Something a bot has not confirmed yet. */
export type StoredUpdate = {
  id: number
  botId: number
  kind: string
  body: unknown
  /** Unix time after which nobody wants it any more. */
  expiresAt: number
  /** A webhook has at most one of a queue in flight, so these stay in order. */
  queueId: number
}

const unwanted = ['chat_member', 'message_reaction', 'message_reaction_count']
const week = 7 * 86_400

/** Queue ids of the server: messages by chat; callbacks and memberships by user or chat in ranges of their own. */
export const callbackQueue = (userId: number): number => userId + 3 * 2 ** 33
export const membershipQueue = (chatId: number): number => chatId + 5 * 2 ** 33

/** The updates of all bots, kept until they are confirmed or expire. */
export class Updates {
  readonly #clock: Clock
  readonly #stored: Table<StoredUpdate>
  readonly #last: Table<{ id: number; at: number }>
  readonly #queues = new Map<number, StoredUpdate[]>()
  #listeners: ((botId: number) => void)[] = []

  constructor(journal: Journal, clock: Clock) {
    this.#clock = clock
    this.#stored = journal.table<StoredUpdate>('updates')
    this.#last = journal.table('lastUpdates')
    for (const update of this.#stored.values()) this.#queue(update.botId).push(update)
  }

  /** Calls back for every new update. */
  onPush(listener: (botId: number) => void): void {
    this.#listeners.push(listener)
  }

  /** Adds an update, unless the bot does not want its kind. */
  push(update: Omit<StoredUpdate, 'id'>, allowed: readonly string[] | undefined): void {
    const isWanted = allowed === undefined ? !unwanted.includes(update.kind) : allowed.includes(update.kind)
    if (!isWanted) return
    const stored = { ...update, id: this.#nextId(update.botId) }
    this.#queue(update.botId).push(stored)
    this.#stored.put(key(stored), stored)
    for (const listener of this.#listeners) listener(update.botId)
  }

  /** What is waiting and still worth sending, oldest first. */
  pending(botId: number): StoredUpdate[] {
    const now = unixTime(this.#clock)
    this.#dropWhere(botId, ({ expiresAt }) => expiresAt <= now)
    return [...this.#queue(botId)]
  }

  /** Confirms everything below an offset. */
  confirmBelow(botId: number, offset: number): void {
    this.#dropWhere(botId, ({ id }) => id < offset)
  }

  /** Forgets all but the newest. */
  keepNewest(botId: number, count: number): void {
    const kept = new Set(this.pending(botId).slice(count === 0 ? Infinity : -count))
    this.#dropWhere(botId, (update) => !kept.has(update))
  }

  drop(update: StoredUpdate): void {
    this.#dropWhere(update.botId, ({ id }) => id === update.id)
  }

  #dropWhere(botId: number, isOver: (update: StoredUpdate) => boolean): void {
    const queue = this.#queue(botId)
    const over = queue.filter(isOver)
    if (over.length === 0) return
    this.#queues.set(
      botId,
      queue.filter((update) => !over.includes(update)),
    )
    for (const update of over) this.#stored.remove(key(update))
  }

  /** Ids grow by one; after a week of silence the next is random, as on the server. */
  #nextId(botId: number): number {
    const now = unixTime(this.#clock)
    const last = this.#last.get(String(botId))
    const isFresh = last !== undefined && now - last.at < week
    const id = isFresh ? last.id + 1 : 100_000_000 + Math.floor(Math.random() * 900_000_000)
    this.#last.put(String(botId), { id, at: now })
    return id
  }

  #queue(botId: number): StoredUpdate[] {
    const queue = this.#queues.get(botId) ?? []
    this.#queues.set(botId, queue)
    return queue
  }
}

const key = ({ botId, id }: StoredUpdate) => `${botId}:${id}`

/** An update as bots receive it. */
export function toUpdate({ id, kind, body }: StoredUpdate): Record<string, unknown> {
  return { update_id: id, [kind]: body }
}
