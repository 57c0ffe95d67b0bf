/** @typedef {keyof (typeof import('./texts-en.js').english)['errors']} Reason */

const known = new Set(
  /** @type {Reason[]} */ ([
    'not_allowed',
    'bad_name',
    'blocked_type',
    'unsupported_type',
    'empty',
    'too_large',
    'quota_exceeded',
    'session_open',
    'too_many_uploads',
    'too_many_versions',
    'too_soon',
    'gone',
    'size_mismatch',
    'already_received',
    'unavailable',
  ]),
)

/** Something that stops the sending, by the name of its sentence. */
export class Failure extends Error {
  /** @param {Reason} reason @param {unknown} [cause] */
  constructor(reason, cause) {
    super(reason, { cause })
    this.reason = reason
  }
}

/** @param {string} code as the server said it @returns {Reason} */
export const reasonOf = (code) => [...known].find((reason) => reason === code) ?? 'unexpected'

/** @param {unknown} error @returns {Reason} */
export const reasonFor = (error) => (error instanceof Failure ? error.reason : 'unexpected')
