/** How a part was taken. `expired`: the address is no longer good; `lost`: nobody knows. */
/** @typedef {{ kind: 'stored', etag: string | null } | { kind: 'expired' | 'lost' | 'unreadable' }} PutOutcome */

/** Without a byte for so long, the connection is dead whatever the device says. */
const stalledMs = 45_000

/**
 * Sends one piece of the file straight to the bucket. The browser streams it from the disk.
 * @param {string} url
 * @param {Blob} piece
 * @param {{ signal: AbortSignal, onProgress: (bytes: number) => void }} options
 * @returns {Promise<PutOutcome>}
 */
export function putPart(url, piece, { signal, onProgress }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const request = new XMLHttpRequest()
    const give = () => request.abort()
    /** @type {number | undefined} */
    let timer
    const watch = () => {
      clearTimeout(timer)
      timer = setTimeout(give, stalledMs)
    }
    /** @param {PutOutcome} outcome */
    const settle = (outcome) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', give)
      if (signal.aborted) reject(signal.reason)
      else resolve(outcome)
    }
    signal.addEventListener('abort', give, { once: true })
    request.upload.addEventListener('progress', ({ loaded }) => {
      watch()
      onProgress(loaded)
    })
    request.addEventListener('load', () => settle(outcomeOf(request)))
    request.addEventListener('abort', () => settle({ kind: 'lost' }))
    request.addEventListener('error', () => void explain(piece).then(settle))
    request.open('PUT', url)
    watch()
    request.send(piece)
  })
}

/** @param {XMLHttpRequest} request @returns {PutOutcome} */
function outcomeOf(request) {
  if (request.status === 200)
    return { kind: 'stored', etag: request.getResponseHeader('etag')?.replaceAll('"', '') ?? null }
  return { kind: request.status === 403 ? 'expired' : 'lost' }
}

/** A file that was changed or moved fails like a lost connection; only reading it tells. @param {Blob} piece @returns {Promise<PutOutcome>} */
async function explain(piece) {
  try {
    await piece.slice(0, 1).arrayBuffer()
    return { kind: 'lost' }
  } catch {
    return { kind: 'unreadable' }
  }
}
