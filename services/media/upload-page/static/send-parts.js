import { Failure } from './failure.js'
import { putPart } from './put-part.js'
import { growing, pause, untilOnline } from './waiting.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('./api.js').Upload} Upload */

const atOnce = 4
const triesOfPart = 6
const addressesAtOnce = 8
const almostExpiredMs = 60_000

/** Brings the parts of a file to the bucket, four at a time. What is there is not sent again. */
export class PartSender {
  #api
  #file
  #upload
  #tell
  /** @type {Map<number, string | null>} by number, the name the bucket gave each part */
  #stored = new Map()
  /** @type {Map<number, number>} bytes of the parts that are on their way */
  #moving = new Map()
  /** @type {Map<number, { url: string, until: number }>} */
  #addresses = new Map()
  /** @type {number[]} */
  #waiting = []
  /** @type {Promise<unknown>} */
  #asking = Promise.resolve()

  /**
   * @param {Api} api @param {File} file @param {Upload} upload
   * @param {{ onProgress: () => void, tellOffline: (isOffline: boolean) => void }} tell
   */
  constructor(api, file, upload, tell) {
    this.#api = api
    this.#file = file
    this.#upload = upload
    this.#tell = tell
  }

  /** How many bytes are there, or on their way. */
  get sentBytes() {
    const stored = [...this.#stored.keys()].reduce((sum, number) => sum + this.#piece(number).size, 0)
    return [...this.#moving.values()].reduce((sum, bytes) => sum + bytes, stored)
  }

  /** The parts as they were stored. Where the bucket hides their names, the server knows them. @param {AbortSignal} signal */
  async parts(signal) {
    if ([...this.#stored.values()].includes(null)) await this.findStored(signal)
    return [...this.#stored]
      .map(([number, etag]) => ({ number, etag: etag ?? '' }))
      .sort((one, other) => one.number - other.number)
  }

  /** Learns which parts the bucket has. @param {AbortSignal} signal */
  async findStored(signal) {
    const { state, uploaded } = await this.#api.look(this.#upload.id, signal)
    if (state !== 'open') throw new Failure(state === 'aborted' || state === 'expired' ? 'gone' : 'already_received')
    const whole = uploaded.filter(({ number, size }) => size === this.#piece(number).size)
    this.#stored = new Map(whole.map(({ number, etag }) => [number, etag]))
    this.#tell.onProgress()
  }

  /** Sends whatever is not there yet; returns when all is. @param {AbortSignal} signal */
  async send(signal) {
    const stopping = new AbortController()
    const either = AbortSignal.any([signal, stopping.signal])
    this.#waiting = Array.from({ length: this.#upload.parts }, (_, index) => index + 1).filter(
      (number) => !this.#stored.has(number),
    )
    const runs = Array.from({ length: atOnce }, () => this.#sendNext(either))
    try {
      await Promise.all(runs)
    } finally {
      stopping.abort()
      await Promise.allSettled(runs)
      this.#moving.clear()
      this.#tell.onProgress()
    }
  }

  /** @param {AbortSignal} signal */
  async #sendNext(signal) {
    for (let number = this.#waiting.shift(); number !== undefined; number = this.#waiting.shift()) {
      await this.#sendPart(number, signal)
    }
  }

  /** @param {number} number @param {AbortSignal} signal */
  async #sendPart(number, signal) {
    for (let attempt = 1; ; attempt++) {
      await untilOnline(signal, this.#tell.tellOffline)
      const url = await this.#addressOf(number, signal)
      const outcome = await putPart(url, this.#piece(number), {
        signal,
        onProgress: (bytes) => this.#note(number, bytes),
      })
      this.#moving.delete(number)
      if (outcome.kind === 'stored') {
        this.#stored.set(number, outcome.etag)
        return this.#tell.onProgress()
      }
      if (outcome.kind === 'unreadable') throw new Failure('unreadable')
      this.#addresses.delete(number) // the next try has a fresh one
      this.#tell.onProgress()
      if (!navigator.onLine) attempt -= 1
      else if (attempt === triesOfPart) throw new Failure('storage')
      await pause(growing(Math.max(1, attempt)), signal)
    }
  }

  /** @param {number} number @param {number} bytes */
  #note(number, bytes) {
    this.#moving.set(number, bytes)
    this.#tell.onProgress()
  }

  /** Addresses are asked for a few ahead, by one at a time. @param {number} number @param {AbortSignal} signal */
  async #addressOf(number, signal) {
    const asked = this.#asking.then(() => this.#ask(number, signal))
    this.#asking = asked.catch(() => undefined)
    return asked
  }

  /** @param {number} number @param {AbortSignal} signal @returns {Promise<string>} */
  async #ask(number, signal) {
    const known = this.#addresses.get(number)
    if (known !== undefined && known.until - Date.now() > almostExpiredMs) return known.url
    const numbers = [number, ...this.#waiting.filter((next) => !this.#addresses.has(next))].slice(0, addressesAtOnce)
    const began = Date.now()
    for (const { number: each, url } of await this.#api.addresses(this.#upload.id, numbers, signal)) {
      this.#addresses.set(each, { url, until: began + 3_600_000 }) // by our own clock, which may be wrong
    }
    return this.#addresses.get(number)?.url ?? ''
  }

  /** @param {number} number */
  #piece(number) {
    const from = (number - 1) * this.#upload.part_size
    return this.#file.slice(from, from + this.#upload.part_size)
  }
}
