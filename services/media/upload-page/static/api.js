import { Failure, reasonOf } from './failure.js'
import { growing, pause, untilOnline } from './waiting.js'

/**
 * @typedef {{ id: string, part_size: number, parts: number, expires_at: string }} Upload
 * @typedef {Upload & { file_name: string, size: number }} OpenUpload
 * @typedef {{ title: string | null, language: string, max_size: number, upload: OpenUpload | null }} Link
 * @typedef {{ number: number, size: number, etag: string }} ArrivedPart
 * @typedef {{ number: number, url: string, expires_at: string }} PartAddress
 * @typedef {{ status: number, code: string, json: any, retryAfterMs: number }} Answer
 */

const tries = 6
const patienceMs = 90_000

/** Talks with our own server. The token goes in a header, and nowhere else. */
export class Api {
  #token
  #tell

  /** @param {string} token @param {(isOffline: boolean) => void} tellOffline */
  constructor(token, tellOffline) {
    this.#token = token
    this.#tell = tellOffline
  }

  /** @param {AbortSignal} signal @returns {Promise<Link>} */
  link(signal) {
    return this.#json('GET', '/api/uploads/link', signal)
  }

  /** @param {File} file @param {AbortSignal} signal @returns {Promise<Upload>} */
  open({ name, size }, signal) {
    return this.#json('POST', '/api/uploads', signal, { file_name: name, size })
  }

  /** @param {string} id @param {AbortSignal} signal @returns {Promise<{ state: string, uploaded: ArrivedPart[] }>} */
  look(id, signal) {
    return this.#json('GET', `/api/uploads/${id}`, signal)
  }

  /** @param {string} id @param {number[]} numbers @param {AbortSignal} signal @returns {Promise<PartAddress[]>} */
  async addresses(id, numbers, signal) {
    return (await this.#json('POST', `/api/uploads/${id}/parts`, signal, { numbers })).urls
  }

  /**
   * True when the file was received, false when parts are missing.
   * @param {string} id @param {{ number: number, etag: string }[]} parts @param {string} sha256 @param {AbortSignal} signal
   */
  async complete(id, parts, sha256, signal) {
    const answer = await this.#call('POST', `/api/uploads/${id}/complete`, signal, { parts, sha256 })
    if (answer.code === 'missing_parts') return false
    if (answer.status >= 400) throw new Failure(reasonOf(answer.code))
    return true
  }

  /** @param {string} id @param {AbortSignal} signal */
  async abort(id, signal) {
    await this.#json('DELETE', `/api/uploads/${id}`, signal)
  }

  /** @param {string} method @param {string} path @param {AbortSignal} signal @param {object} [body] */
  async #json(method, path, signal, body) {
    const { status, code, json } = await this.#call(method, path, signal, body)
    if (status >= 400) throw new Failure(reasonOf(code))
    return json
  }

  /**
   * What passes by itself is asked again; what the server refuses is an answer.
   * @param {string} method @param {string} path @param {AbortSignal} signal @param {object} [body] @returns {Promise<Answer>}
   */
  async #call(method, path, signal, body) {
    for (let attempt = 1; ; attempt++) {
      await untilOnline(signal, this.#tell)
      const answer = await this.#once(method, path, signal, body)
      const passes = answer === undefined || answer.status >= 500 || answer.code === 'too_many_requests'
      if (!passes) return answer
      if (attempt === tries) throw new Failure('unavailable')
      await pause(Math.max(growing(attempt), answer?.retryAfterMs ?? 0), signal)
    }
  }

  /** @param {string} method @param {string} path @param {AbortSignal} signal @param {object} [body] @returns {Promise<Answer | undefined>} */
  async #once(method, path, signal, body) {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
    try {
      const response = await fetch(path, {
        method,
        headers,
        signal: limit,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const json = response.status === 204 ? {} : await response.json()
      const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1000
      return { status: response.status, code: json.error?.code ?? '', json, retryAfterMs }
    } catch {
      signal.throwIfAborted()
      return undefined
    }
  }
}
