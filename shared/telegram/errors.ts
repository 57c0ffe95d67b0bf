import { withoutToken } from './token.ts'

/** Why Telegram refused a call: what callers branch on. */
export type RefusalKind =
  | 'blocked'
  | 'message gone'
  | 'not modified'
  | 'file refused'
  | 'picture refused'
  | 'too large'
  | 'query too old'
  | 'bad markup'
  | 'not authorised'
  | 'conflict'
  | 'other'

/** Telegram asked for a pause longer than the caller was ready to wait. Nothing was done. */
export class TelegramBusy extends Error {
  override readonly name = 'TelegramBusy'
  readonly method: string
  readonly retryAfterMs: number

  constructor(method: string, retryAfterMs: number) {
    super(`Telegram asks to wait ${retryAfterMs} ms before ${method}`)
    this.method = method
    this.retryAfterMs = retryAfterMs
  }
}

/** Whether a call that failed on its way may have been carried out. */
export type Outcome = 'unknown' | 'not sent'

/** Network, timeout, 5xx or an unreadable answer. */
export class TelegramUnreachable extends Error {
  override readonly name = 'TelegramUnreachable'
  readonly method: string
  readonly outcome: Outcome

  constructor(method: string, outcome: Outcome, reason: string, cause?: unknown) {
    const said = outcome === 'unknown' ? 'its outcome is unknown' : 'it was not sent'
    const known = cause === undefined ? {} : { cause: withoutToken.inError(cause) }
    super(`Telegram could not be reached for ${method}, ${said}: ${withoutToken(reason)}`, known)
    this.method = method
    this.outcome = outcome
  }
}

/** Telegram understood the call and said no. Trying the same again is useless. */
export class TelegramRefused extends Error {
  override readonly name = 'TelegramRefused'
  readonly method: string
  readonly code: number
  readonly description: string
  readonly kind: RefusalKind

  constructor(method: string, code: number, description: string) {
    const said = withoutToken(description).slice(0, 300)
    super(`Telegram refused ${method}: ${code} ${said}`)
    this.method = method
    this.code = code
    this.description = said
    this.kind = refusalKind(code, said)
  }
}

/** True for a refusal of one of these kinds. */
export const isRefused = (error: unknown, ...kinds: RefusalKind[]): error is TelegramRefused =>
  error instanceof TelegramRefused && kinds.includes(error.kind)

const kindsByCode: Readonly<Partial<Record<number, RefusalKind>>> = {
  401: 'not authorised',
  403: 'blocked',
  409: 'conflict',
  413: 'too large',
  421: 'not authorised',
}

// Telegram has no machine codes: the wording is all there is. The first match wins.
const kindsByWording: readonly (readonly [RegExp, RefusalKind])[] = [
  [/message is not modified/, 'not modified'],
  [/message to (edit|delete) not found|message can't be (edited|deleted)|message_id_invalid/, 'message gone'],
  [/there is no (text|caption|media) in the message to edit|message identifier is not specified/, 'message gone'],
  [/query is too old|query id is invalid|query_id_invalid/, 'query too old'],
  [/chat not found|user not found|user is deactivated|bot was (blocked|kicked)/, 'blocked'],
  [/peer_id_invalid|user_is_blocked|input_user_deactivated/, 'blocked'],
  [/file is too big|request entity too large|too big for a photo/, 'too large'],
  [
    /wrong (remote )?file|invalid file_id|file_reference_|type of file mismatch|temporarily unavailable/,
    'file refused',
  ],
  [/photo_|image_process_failed|wrong type of the web page content|failed to get http url content/, 'picture refused'],
  [/wrong padding|media_empty|media_invalid/, 'file refused'],
  [/can't parse|reply markup is too long|unsupported parse_mode|button_|reply_markup_/, 'bad markup'],
  [/(message|caption|text) is too long|entities_too_long|entity_|encoded in utf-8/, 'bad markup'],
]

/** Sorts a refusal by its code and, where that says little, by its wording. */
export function refusalKind(code: number, description: string): RefusalKind {
  const byCode = kindsByCode[code]
  if (byCode !== undefined) return byCode
  const wording = description.toLowerCase()
  if (code === 404) return wording.includes('method not found') ? 'other' : 'not authorised'
  return kindsByWording.find(([pattern]) => pattern.test(wording))?.[1] ?? 'other'
}
