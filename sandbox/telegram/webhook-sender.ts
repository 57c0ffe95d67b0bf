import { type WebhookSettings } from './bots.ts'
import { type Clock, unixTime } from './clock.ts'
import { type StoredUpdate, toUpdate, type Updates } from './updates.ts'

/** A method a bot asked for in the body of its answer. */
export type WebhookReply = { method: string; values: Map<string, string> }

type Options = {
  botId: number
  settings: WebhookSettings
  updates: Updates
  clock: Clock
  onReply: (reply: WebhookReply) => void
}

type Attempt = { delaySeconds: number; failures: number; dueAt: number }

type Outcome =
  { kind: 'ok'; reply?: WebhookReply } | { kind: 'failed'; error: string; retryAfter: number; gone: boolean }

const readTimeoutMs = 60_000
const goneTooLongMs = 23 * 3_600_000
const maxRetryAfterSeconds = 3600

/** Posts one bot's updates to its webhook: queues in parallel, one update of a queue at a time. */
export class WebhookSender {
  readonly #options: Options
  readonly #attempts = new Map<number, Attempt>()
  readonly #inFlight = new Set<number>()
  readonly #stopped = new AbortController()
  #goneSince: number | undefined
  #cancelTimer = () => undefined as unknown
  lastError: { date: number; message: string } | undefined

  constructor(options: Options) {
    this.#options = options
  }

  /** Sends whatever is due now, and sees to it that the rest is sent when it is due. */
  sendDue(): void {
    if (this.#stopped.signal.aborted) return
    const now = this.#options.clock.now()
    let nextAt = Infinity
    for (const update of this.#heads()) {
      const dueAt = this.#attempts.get(update.id)?.dueAt ?? now
      if (dueAt > now) nextAt = Math.min(nextAt, dueAt)
      else if (this.#inFlight.size < this.#options.settings.maxConnections) void this.#send(update)
    }
    this.#cancelTimer()
    if (nextAt === Infinity) return
    this.#cancelTimer = this.#options.clock.after(nextAt - now, () => {
      this.sendDue()
    })
  }

  stop(): void {
    this.#cancelTimer()
    this.#stopped.abort()
  }

  /** The oldest update of each queue that has none in flight. */
  #heads(): StoredUpdate[] {
    const heads = new Map<number, StoredUpdate>()
    for (const update of this.#options.updates.pending(this.#options.botId)) {
      if (!heads.has(update.queueId) && !this.#inFlight.has(update.queueId)) heads.set(update.queueId, update)
    }
    return [...heads.values()]
  }

  async #send(update: StoredUpdate): Promise<void> {
    this.#inFlight.add(update.queueId)
    const outcome = await this.#post(JSON.stringify(toUpdate(update)))
    this.#inFlight.delete(update.queueId)
    if (this.#stopped.signal.aborted) return
    if (outcome.kind === 'ok') this.#onDelivered(update, outcome.reply)
    else this.#onFailed(update, outcome)
    this.sendDue()
  }

  async #post(body: string): Promise<Outcome> {
    const { url, headers } = request(this.#options.settings)
    const timeout = new AbortController()
    const cancel = this.#options.clock.after(readTimeoutMs, () => {
      timeout.abort()
    })
    try {
      const signal = AbortSignal.any([timeout.signal, this.#stopped.signal])
      return await outcomeOf(await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal }))
    } catch (cause) {
      const error = timeout.signal.aborted ? 'Read timeout expired' : connectionError(cause)
      return { kind: 'failed', error, retryAfter: 0, gone: false }
    } finally {
      cancel()
    }
  }

  #onDelivered(update: StoredUpdate, reply: WebhookReply | undefined): void {
    this.#goneSince = undefined
    this.#attempts.delete(update.id)
    this.#options.updates.drop(update)
    if (reply !== undefined) this.#options.onReply(reply)
  }

  /** The first retry is immediate, then the pause doubles; `Retry-After` is obeyed. */
  #onFailed(update: StoredUpdate, { error, retryAfter, gone }: Outcome & { kind: 'failed' }): void {
    const { clock, updates } = this.#options
    const now = clock.now()
    this.lastError = { date: unixTime(clock), message: error }
    this.#goneSince = gone ? (this.#goneSince ?? now) : undefined
    if (this.#goneSince !== undefined && now - this.#goneSince > goneTooLongMs) {
      this.stop()
      return
    }
    const { delaySeconds, failures } = this.#attempts.get(update.id) ?? { delaySeconds: 1, failures: 0 }
    const doubled = Math.min(delaySeconds * 2, 60 + Math.floor(Math.random() * 61))
    const pause = retryAfter > 0 ? retryAfter : failures === 0 ? 0 : doubled
    if (unixTime(clock) + pause > update.expiresAt) {
      updates.drop(update)
      return
    }
    const nextDelay = retryAfter > 0 || failures === 0 ? delaySeconds : doubled
    this.#attempts.set(update.id, { delaySeconds: nextDelay, failures: failures + 1, dueAt: now + pause * 1000 })
  }
}

function request({ url, secretToken }: WebhookSettings): { url: string; headers: Record<string, string> } {
  const target = new URL(url)
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (secretToken !== '') headers['x-telegram-bot-api-secret-token'] = secretToken
  if (target.username !== '') {
    const credentials = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`
    headers['authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`
    target.username = target.password = ''
  }
  return { url: target.href, headers }
}

async function outcomeOf(response: Response): Promise<Outcome> {
  const body = await response.text()
  if (response.ok) return { kind: 'ok', ...readReply(response.headers.get('content-type') ?? '', body) }
  const retryAfter = Math.min(Math.max(0, Number(response.headers.get('retry-after')) || 0), maxRetryAfterSeconds)
  const error = `Wrong response from the webhook: ${response.status} ${response.statusText}`
  return { kind: 'failed', error, retryAfter, gone: response.status === 410 }
}

const notAllowedInReply = /^(?:get.*|setwebhook|deletewebhook|close|logout)$/

function readReply(contentType: string, body: string): { reply?: WebhookReply } {
  const values = contentType.startsWith('application/x-www-form-urlencoded')
    ? new Map(new URLSearchParams(body))
    : jsonValues(body)
  const method = values.get('method')?.toLowerCase() ?? ''
  return method === '' || notAllowedInReply.test(method) ? {} : { reply: { method, values } }
}

/** The fields of a JSON object as text; empty for anything else. */
export function jsonValues(body: string): Map<string, string> {
  const value = parseJson(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map()
  return new Map(
    Object.entries(value).map(([name, field]) => [name, typeof field === 'string' ? field : JSON.stringify(field)]),
  )
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined // the server reads such a body as no parameters at all
  }
}

function connectionError(cause: unknown): string {
  const reason = cause instanceof Error ? cause.cause : undefined
  const isRefused = reason instanceof Error && 'code' in reason && reason.code === 'ECONNREFUSED'
  return isRefused ? 'Connection refused' : 'Connection closed'
}
