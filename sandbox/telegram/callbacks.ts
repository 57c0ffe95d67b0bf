import { randomInt } from 'node:crypto'
import { badRequest } from './errors.ts'
import { type ChatKey } from './chats.ts'
import { type Clock } from './clock.ts'

type CallbackQuery = ChatKey & { askedAt: number }

/** How long a press may stay without an answer. Telegram names no number; clients give up after about a minute. */
const answerableMs = 60_000

/** Presses of buttons that wait for `answerCallbackQuery`: each is answered once, and not for ever. */
export class Callbacks {
  readonly #clock: Clock
  readonly #open = new Map<string, CallbackQuery>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  ask({ botId, personId }: ChatKey): string {
    const id = (BigInt(personId) << 32n) | BigInt(randomInt(2 ** 32))
    this.#open.set(String(id), { botId, personId, askedAt: this.#clock.now() })
    return String(id)
  }

  /** Takes the press to be answered, or refuses as the server does. */
  answer(botId: number, id: string): ChatKey {
    const query = this.#open.get(id)
    if (query?.botId !== botId || this.#clock.now() - query.askedAt > answerableMs) {
      throw badRequest('query is too old and response timeout expired or query ID is invalid')
    }
    this.#open.delete(id)
    return query
  }
}
