import { Failure } from './failure.js'

/** @typedef {import('./hash-worker.js').HashAnswer} HashAnswer */

/**
 * SHA-256 in a thread of its own, so that the page stays alive. `kind`: of its first and last bytes, or of all of them.
 * @param {'print' | 'whole'} kind
 * @param {File} file
 * @param {{ signal: AbortSignal, onProgress?: (bytes: number) => void }} options
 * @returns {Promise<string>}
 */
export function hashFile(kind, file, { signal, onProgress }) {
  const worker = new Worker(new URL('hash-worker.js', import.meta.url), { type: 'module' })
  /** @type {Promise<string>} */
  const hashed = new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    worker.addEventListener('error', ({ message }) => reject(new Failure('unexpected', message)))
    worker.addEventListener('message', (/** @type {MessageEvent<HashAnswer>} */ { data }) => {
      if (data.kind === 'read') onProgress?.(data.bytes)
      else if (data.kind === 'hash') resolve(data.hex)
      else reject(new Failure('unreadable'))
    })
    worker.postMessage({ kind, file })
  })
  return hashed.finally(() => worker.terminate())
}
