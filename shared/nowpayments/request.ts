import { setTimeout as sleep } from 'node:timers/promises'
import { type Logger } from 'pino'
import { type Plain, plainJson } from './fields.ts'
import { type Pace } from './pacing.ts'

/** What came back. `body` is undefined when it was not JSON, as in the HTML pages of a limiter or a gateway. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: Plain | undefined }
  | { readonly kind: 'no answer'; readonly cause: string }

export type RequestOptions = {
  readonly apiUrl: string
  readonly apiKey: string
  readonly log?: Logger | undefined
  readonly pauseMs?: ((retry: number) => number) | undefined
  readonly deadlines?: Deadlines | undefined
}

/** How long a call may take in all, in milliseconds. */
export type Deadlines = { readonly get: number; readonly create: number }

export const standardDeadlines: Deadlines = { get: 10_000, create: 30_000 }

export type Call = {
  /** Named in the log instead of the path, which may hold what is nobody's business. */
  readonly name: string
  readonly path: string
  readonly deadlineMs: number
  readonly body?: string
}

type GetCall = Omit<Call, 'deadlineMs' | 'body'> & { readonly pace: Pace }

const mostRetries = 3
const largestAnswerBytes = 8 * 1024 * 1024
export const standardPauseMs = () => 400 + Math.random() * 1600

/** A GET, tried up to four times within its one deadline while the answer is "later" or none at all. */
export async function get(options: RequestOptions, { pace, ...call }: GetCall): Promise<Answer> {
  const endsAt = performance.now() + (options.deadlines ?? standardDeadlines).get
  for (let retry = 1; ; retry += 1) {
    if (!(await pace.take(endsAt - performance.now()))) return busy
    const answer = await send(options, { ...call, deadlineMs: endsAt - performance.now() })
    const pauseMs = (options.pauseMs ?? standardPauseMs)(retry)
    const isLast = retry > mostRetries || performance.now() + pauseMs >= endsAt
    if (isLast || !isWorthRetrying(answer)) return answer
    await sleep(pauseMs)
  }
}

const busy: Answer = { kind: 'no answer', cause: 'too many calls are waiting for their turn' }

/** One request, never repeated. The deadline covers the answer and its body. */
export async function send(options: RequestOptions, call: Call): Promise<Answer> {
  const startedAt = performance.now()
  const answer = await exchange(options, call)
  const ms = Math.round(performance.now() - startedAt)
  const outcome = answer.kind === 'answered' ? { status: answer.status } : { cause: answer.cause }
  options.log?.info({ call: call.name, ms, ...outcome }, 'asked nowpayments')
  return answer
}

/** A limiter answers HTML, with 429 and sometimes 403; an error of the application itself always names its code. */
export const isThrottled = ({ status, body }: { status: number; body: Plain | undefined }): boolean =>
  status === 429 || (status === 403 && body === undefined)

function isWorthRetrying(answer: Answer): boolean {
  return (
    answer.kind === 'no answer' || isThrottled(answer) || (answer.status >= 500 && errorOf(answer.body).code === '')
  )
}

async function exchange({ apiUrl, apiKey }: RequestOptions, call: Call): Promise<Answer> {
  try {
    const response = await fetch(apiUrl.replace(/\/+$/, '') + call.path, {
      method: call.body === undefined ? 'GET' : 'POST',
      headers: { 'x-api-key': apiKey, ...(call.body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: call.body ?? null,
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.max(1, Math.ceil(call.deadlineMs))),
    })
    return { kind: 'answered', status: response.status, body: readJson(await readText(response)) }
  } catch (error) {
    return { kind: 'no answer', cause: causeOf(error) }
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > largestAnswerBytes) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function readJson(text: string): Plain | undefined {
  try {
    return plainJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure'
  if (error.name === 'TimeoutError') return 'no answer in time'
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return code === '' ? error.message : `${error.message} (${code})`
}

/** The code and message of an error body, whichever of its known shapes it has. */
export function errorOf(body: Plain | undefined): { readonly code: string; readonly message: string } {
  if (body === undefined || body === null || typeof body !== 'object') return { code: '', message: '' }
  const { code, message, error, errors } = body as Record<string, Plain | undefined>
  const first: Plain | undefined = Array.isArray(errors) ? (errors as readonly Plain[])[0] : errors
  return { code: textOf(code), message: textOf(message) || textOf(error) || textOf(first) || errorMessageIn(first) }
}

const textOf = (value: Plain | undefined): string => (typeof value === 'string' ? value : '')

function errorMessageIn(value: Plain | undefined): string {
  if (value === undefined || value === null || typeof value !== 'object' || !('message' in value)) return ''
  return textOf((value as Record<string, Plain | undefined>)['message'])
}
