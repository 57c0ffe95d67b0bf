import { Failure, reasonFor } from './failure.js'
import { hashFile } from './hash-file.js'
import { Pace } from './pace.js'
import { forget } from './remembered.js'
import { PartSender } from './send-parts.js'
import { texts } from './texts.js'
import { percentOf, say, setMode, showProgress } from './view.js'
import { keepAwake } from './wake-lock.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('./api.js').Upload} Upload */
/** @typedef {'done' | 'aborted' | 'over'} End how it ended; `over` needs the file to be chosen again */

const roundsOfMissing = 3
const announcedEvery = 25
/** After these the same file, or the same upload, is of no use. @type {ReadonlySet<string>} */
const finalReasons = new Set([
  'gone',
  'size_mismatch',
  'unreadable',
  'not_allowed',
  'too_soon',
  'too_many_versions',
  'unsupported_type',
])

/** The sending of one file, from its first part to the word that it was received. */
export class Transfer {
  #api
  #file
  #upload
  #sender
  #pace = new Pace()
  #hashedBytes = 0
  #announced = 0
  #isOffline = false
  /** @type {string | undefined} */
  #stoppedBy
  /** @type {Promise<string> | undefined} */
  #hash
  /** Ends with the whole transfer, unlike a pause. */
  #life = new AbortController()
  /** @type {AbortController | undefined} */
  #run
  /** @type {(end: End) => void} */
  #onEnd

  /** @param {Api} api @param {File} file @param {Upload} upload @param {(end: End) => void} onEnd */
  constructor(api, file, upload, onEnd) {
    this.#api = api
    this.#file = file
    this.#upload = upload
    this.#onEnd = onEnd
    this.#sender = new PartSender(api, file, upload, {
      onProgress: () => this.#draw(),
      tellOffline: (isOffline) => this.tellOffline(isOffline),
    })
  }

  get isSending() {
    return this.#run !== undefined
  }

  /** @param {boolean} isResumed whether parts of it may be there already @param {string} [says] */
  async start(isResumed, says = texts().resumed) {
    if (this.#run !== undefined) return
    const run = new AbortController()
    this.#run = run
    this.#stoppedBy = undefined
    this.#pace = new Pace()
    setMode('sending')
    say(says)
    void keepAwake(true)
    try {
      await this.#sendAndComplete(run.signal, isResumed)
      forget()
      this.#end('done')
    } catch (error) {
      if (!run.signal.aborted) this.#stop(error)
    } finally {
      run.abort()
      if (this.#run === run) this.#run = undefined
      void keepAwake(this.#run !== undefined)
    }
  }

  /** A connection that is back, or a phone that was woken, may have put right what stopped the sending. */
  wake() {
    if (this.#stoppedBy === 'storage' || this.#stoppedBy === 'unavailable') void this.start(true)
  }

  pause() {
    this.#run?.abort()
    this.#run = undefined
    setMode('paused')
    say(texts().paused)
  }

  /** Gives the upload up, here and on the server. */
  async abort() {
    this.#run?.abort()
    this.#run = undefined
    setMode('finishing')
    try {
      await this.#api.abort(this.#upload.id, this.#life.signal)
      forget()
      this.#end('aborted')
    } catch (error) {
      if (reasonFor(error) === 'already_received') this.#end('done')
      else this.#stop(error)
    }
  }

  /** @param {boolean} isOffline */
  tellOffline(isOffline) {
    if (this.#isOffline === isOffline || !this.isSending) return
    this.#isOffline = isOffline
    this.#draw()
    say(isOffline ? texts().offline : texts().resumed)
  }

  /** @param {AbortSignal} signal @param {boolean} isResumed */
  async #sendAndComplete(signal, isResumed) {
    this.#hash ??= this.#startHash()
    if (isResumed) await this.#sender.findStored(signal)
    for (let round = 1; round <= roundsOfMissing; round++) {
      await Promise.race([this.#sender.send(signal), this.#hash.then(() => new Promise(() => undefined))])
      const sha256 = await this.#awaitHash(signal)
      setMode('finishing')
      say(texts().finishing)
      if (await this.#api.complete(this.#upload.id, await this.#sender.parts(signal), sha256, signal)) return
      setMode('sending')
      await this.#sender.findStored(signal)
    }
    throw new Failure('storage')
  }

  #startHash() {
    const hash = hashFile('whole', this.#file, {
      signal: this.#life.signal,
      onProgress: (bytes) => (this.#hashedBytes = bytes),
    })
    hash.catch(() => (this.#hash = undefined)) // the next try reads again
    return hash
  }

  /** On a phone, reading may take longer than sending. @param {AbortSignal} signal */
  async #awaitHash(signal) {
    const tell = setInterval(() => say(texts().hashing(percentOf(this.#hashedBytes, this.#file.size))), 500)
    try {
      return await Promise.race([
        this.#hash ?? this.#startHash(),
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
      ])
    } finally {
      clearInterval(tell)
    }
  }

  /** @param {unknown} error */
  #stop(error) {
    const reason = reasonFor(error)
    if (reason === 'already_received') return this.#end('done')
    if (reason === 'unexpected') console.error(error)
    say(texts().errors[reason], 'bad')
    setMode('stopped')
    this.#stoppedBy = reason
    if (finalReasons.has(reason)) this.#end('over')
  }

  /** @param {End} end */
  #end(end) {
    this.#life.abort()
    this.#onEnd(end)
  }

  #draw() {
    const [sent, whole] = [this.#sender.sentBytes, this.#file.size]
    this.#pace.note(sent)
    showProgress(sent, whole, this.isSending && !this.#isOffline ? this.#pace.perSecond() : undefined)
    const reached = Math.floor(percentOf(sent, whole) / announcedEvery) * announcedEvery
    if (this.isSending && !this.#isOffline && reached > this.#announced && reached < 100) {
      this.#announced = reached
      say(texts().reached(reached))
    }
  }
}
