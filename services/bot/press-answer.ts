import { type Logger } from 'pino'
import { isRefused } from '../../shared/telegram/errors.ts'
import { type Telegram } from '../../shared/telegram/client.ts'
import { cut, longestToast } from '../../shared/telegram/text-length.ts'

const latestMs = 1_000

/**
 * The answer that ends the little wait on a pressed button. Telegram takes one per press, so the first line wins; when
 * nobody has a line, an empty answer goes out after a second at the latest.
 */
export class PressAnswer {
  readonly #telegram: Telegram
  readonly #id: string
  readonly #log: Logger
  readonly #timer: NodeJS.Timeout
  #answered: Promise<void> | undefined
  #line = ''

  constructor(telegram: Telegram, id: string, log: Logger) {
    this.#telegram = telegram
    this.#id = id
    this.#log = log
    this.#timer = setTimeout(() => void this.give(), latestMs)
  }

  /** False when the press was answered without a line before: this one then has to be said otherwise. */
  async give(line = ''): Promise<boolean> {
    if (this.#answered === undefined) this.#line = line
    this.#answered ??= this.#send(line)
    await this.#answered
    return line === '' || this.#line !== ''
  }

  /** Never fails: an answer that came too late is no reason to do the work again. */
  async #send(line: string): Promise<void> {
    clearTimeout(this.#timer)
    const text = cut(line, longestToast)
    try {
      await this.#telegram.call('answerCallbackQuery', {
        callback_query_id: this.#id,
        ...(text === '' ? {} : { text }),
      })
    } catch (err) {
      if (isRefused(err, 'query too old'))
        this.#log.debug({ reason: 'callback.stale' }, 'a press was answered too late')
      else this.#log.warn({ err }, 'cannot answer a press')
    }
  }
}
