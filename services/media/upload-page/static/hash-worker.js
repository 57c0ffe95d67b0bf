import { sha256 } from './hashes/sha2.js'

/** @typedef {{ kind: 'print', file: File } | { kind: 'whole', file: File }} Question */
/** @typedef {{ kind: 'read', bytes: number } | { kind: 'hash', hex: string } | { kind: 'unreadable' }} HashAnswer */

const pieceBytes = 4 * 1024 ** 2
const edgeBytes = 1024 ** 2

addEventListener('message', (/** @type {MessageEvent<Question>} */ { data: { kind, file } }) => {
  void (kind === 'print' ? print(file) : whole(file)).then(answer, () => answer({ kind: 'unreadable' }))
})

/** @param {HashAnswer} said */
const answer = (said) => postMessage(said)

/** What tells this file from another of the same name and size, without reading all of it. @param {File} file @returns {Promise<HashAnswer>} */
async function print(file) {
  const hash = sha256.create()
  hash.update(await bytesOf(file.slice(0, edgeBytes)))
  hash.update(await bytesOf(file.slice(-edgeBytes)))
  return { kind: 'hash', hex: hexOf(hash.digest()) }
}

/** The whole file, a piece at a time. @param {File} file @returns {Promise<HashAnswer>} */
async function whole(file) {
  const hash = sha256.create()
  for (let at = 0; at < file.size; at += pieceBytes) {
    hash.update(await bytesOf(file.slice(at, at + pieceBytes)))
    answer({ kind: 'read', bytes: Math.min(at + pieceBytes, file.size) })
  }
  return { kind: 'hash', hex: hexOf(hash.digest()) }
}

/** @param {Blob} piece */
const bytesOf = async (piece) => new Uint8Array(await piece.arrayBuffer())

/** @param {Uint8Array} bytes */
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
