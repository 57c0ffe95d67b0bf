import { setTimeout as sleep } from 'node:timers/promises'
import { type Logger } from 'pino'
import { type OperatorError } from '../runtime/operator-error.ts'
import { type Download, type DownloadLimits, fetchFile } from './download.ts'
import { openAgent } from './exchange.ts'
import { type Clock } from './flood-gate.ts'
import { type CallOptions, Line } from './line.ts'
import { readUpdates, type Update } from './message.ts'
import { jsonBody, type Params } from './params.ts'
import { tellOnce } from './refused-token.ts'
import { botIdOf } from './token.ts'
import { type Upload, Uploads } from './upload.ts'

/**
 * The Bot API for one token. Calls throw `TelegramBusy`, `TelegramUnreachable` or `TelegramRefused`, or the reason of an
 * aborted signal; no error carries the token or what was sent.
 */
export type Telegram = {
  readonly botId: bigint
  readonly call: (method: string, params?: Params, options?: CallOptions) => Promise<unknown>
  readonly upload: (upload: Upload, options?: CallOptions) => Promise<unknown>
  /** Brings a file a person sent (at most 20 MB) to `path`. */
  readonly download: (fileId: string, path: string, limits: DownloadLimits) => Promise<Download>
  /** One long poll of `timeoutSeconds` (Telegram accepts at most 50). */
  readonly getUpdates: (
    offset: bigint | number,
    timeoutSeconds: number,
    signal?: AbortSignal,
    allowedUpdates?: readonly string[],
  ) => Promise<Update[]>
  /** Keeps quiet for so long: another process that speaks for this bot was asked to. */
  readonly keepQuiet: (ms: number) => void
  /** Ends what is still under way. */
  readonly close: () => Promise<void>
}

export type TelegramSettings = {
  readonly apiRoot: string
  readonly token: string
  readonly log: Logger
  /** Told once, in the operator's words, when Telegram does not accept the token (any more): nothing works until it is changed. */
  readonly onTokenRefused?: ((error: OperatorError) => void) | undefined
  /** Told of every pause Telegram asks for, so that it can be kept by all who speak for this bot. */
  readonly onPause?: ((ms: number) => void) | undefined
  readonly clock?: Clock
}

const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
}

/** Opens the Bot API under any root, with or without a path: the real one, a local server, an emulator. */
export function openTelegram(settings: TelegramSettings): Telegram {
  const { apiRoot, token, log, onTokenRefused, onPause = () => undefined, clock = realClock } = settings
  const botId = botIdOf(token)
  const root = new URL(apiRoot.endsWith('/') ? apiRoot : `${apiRoot}/`)
  const agent = openAgent(root, 64)
  const closing = new AbortController()
  const line = new Line({ clock, log, closing: closing.signal, onTokenRefused: tellOnce(onTokenRefused), onPause })
  const uploads = new Uploads()
  const urlOf = (method: string) => new URL(`./bot${token}/${method}`, root)

  const call: Telegram['call'] = (method, params = {}, options = {}) => {
    const json = jsonBody(params)
    return line.carry(method, options, () => ({ url: urlOf(method), agent, ...json }))
  }
  return {
    botId,
    call,
    upload: (upload, options = {}) =>
      uploads.run(upload, [options.signal, closing.signal], (body, signal) =>
        line.carry(upload.method, { deadlineMs: 120_000, tryMs: Infinity, ...options, signal }, () => ({
          url: urlOf(upload.method),
          agent,
          ...body(),
        })),
      ),
    download: async (fileId, path, limits) => {
      const found = await call('getFile', { file_id: fileId }, { signal: limits.signal })
      return fetchFile({ root, token, agent, closing: closing.signal }, found, path, limits)
    },
    getUpdates: async (offset, timeoutSeconds, signal, allowedUpdates) => {
      const params = { offset, timeout: timeoutSeconds, allowed_updates: allowedUpdates }
      const options = { deadlineMs: (timeoutSeconds + 10) * 1000, maxWaitMs: 60_000, retry: 'never', signal } as const
      return readUpdates(await call('getUpdates', params, options))
    },
    keepQuiet: (ms) => {
      line.keepQuiet(ms)
    },
    close: async () => {
      closing.abort(new Error('The Telegram client was closed'))
      await line.settled()
      agent.destroy()
    },
  }
}
