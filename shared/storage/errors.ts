/** There is no object under this key. */
export class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing'
  readonly key: string

  constructor(key: string, options?: ErrorOptions) {
    super(`The bucket holds no object ${key}`, options)
    this.key = key
  }
}

/** The upload in parts is over: completed, given up, or never begun. */
export class UploadMissing extends Error {
  override readonly name = 'UploadMissing'
  readonly key: string

  constructor(key: string, options?: ErrorOptions) {
    super(`The bucket knows no unfinished upload of ${key}`, options)
    this.key = key
  }
}

/** The bytes under this key are not those that were stored: never to be shown or sent. */
export class ObjectCorrupt extends Error {
  override readonly name = 'ObjectCorrupt'
  readonly key: string

  constructor(key: string, what: string) {
    super(`The object ${key} is not what was stored: ${what}`)
    this.key = key
  }
}

/** The bucket did not answer, or not now: trying later may help. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable'

  constructor(action: string, cause: unknown) {
    super(`The bucket could not ${action} just now: ${said(cause)}`, { cause })
  }
}

/** The bucket answered no: keys, permissions, clock or configuration; only the operator can put it right. */
export class StorageRefused extends Error {
  override readonly name = 'StorageRefused'
  readonly code: string

  constructor(action: string, code: string, cause: unknown) {
    super(`The bucket refused to ${action}: ${advice[code] ?? `${code}, ${said(cause)}`}`, { cause })
    this.code = code
  }
}

const advice: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket, check B2_BUCKET_NAME and B2_ENDPOINT',
  InvalidAccessKeyId: 'it does not know the key, check B2_KEY_ID',
  SignatureDoesNotMatch: 'the key does not fit, check B2_APPLICATION_KEY and S3_REGION',
  RequestTimeTooSkewed: "this machine's clock is wrong",
  AccessDenied: 'the key lacks the permission, or the bucket is not its own',
  Forbidden: 'the key is wrong or lacks the permission',
}

/** Answers with a 4xx status that say "later", not "no". */
const passing: ReadonlySet<string> = new Set([
  'SlowDown',
  'RequestTimeout',
  'TooManyRequests',
  'IncompleteBody',
  'BadDigest',
])

/** Turns whatever the S3 client threw into one of the errors above; a caller's own abort passes unchanged. */
export function classify(error: unknown, action: string, key: string, signal?: AbortSignal): Error {
  if (isOurs(error)) return error
  if (signal?.aborted === true)
    return signal.reason instanceof Error ? signal.reason : new Error('Aborted', { cause: error })
  const status = statusOf(error)
  const code = codeOf(error, status)
  const isRefusal = status !== undefined && status >= 300 && status < 500 && status !== 408 && status !== 429
  if (!isRefusal || passing.has(code)) return new StorageUnavailable(action, error)
  if (code === 'NoSuchUpload') return new UploadMissing(key, { cause: error })
  if (code === 'NoSuchKey' || code === 'NotFound' || code === 'NoSuchVersion')
    return new ObjectMissing(key, { cause: error })
  return new StorageRefused(action, code, error)
}

export type StorageError = ObjectMissing | UploadMissing | ObjectCorrupt | StorageUnavailable | StorageRefused

const isOurs = (error: unknown): error is StorageError =>
  error instanceof ObjectMissing ||
  error instanceof UploadMissing ||
  error instanceof ObjectCorrupt ||
  error instanceof StorageUnavailable ||
  error instanceof StorageRefused

/** The answer to a HEAD has no body, so its status is all there is. */
function codeOf(error: unknown, status: number | undefined): string {
  const name = error instanceof Error ? error.name : 'Unknown'
  if (!/^(\d+|Unknown.*|Error)$/.test(name)) return name
  return status === 404 ? 'NotFound' : status === 401 || status === 403 ? 'Forbidden' : name
}

export function statusOf(error: unknown): number | undefined {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } }
  return $metadata?.httpStatusCode
}

function said(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return said(cause.errors[0]) // one for each address
  if (!(cause instanceof Error)) return String(cause)
  return cause.message === '' ? cause.name : cause.message
}
