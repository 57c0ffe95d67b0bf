import { z } from 'zod'
import { type Answer } from './exchange.ts'
import { TelegramRefused, TelegramUnreachable } from './errors.ts'

/** What came back: a result, or how long everything has to wait. A refusal or an unreadable answer is thrown. */
export type Reply =
  { readonly kind: 'result'; readonly result: unknown } | { readonly kind: 'busy'; readonly ms: number }

const envelope = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  error_code: z.number().int().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  parameters: z
    .object({ retry_after: z.number().optional().catch(undefined) })
    .optional()
    .catch(undefined),
})
type Envelope = z.infer<typeof envelope>

/** Reads an answer by its envelope, and by its status alone when a proxy answered in Telegram's place. */
export function readReply(method: string, answer: Answer): Reply {
  const said = readEnvelope(answer.body)
  if (said?.ok === true && answer.status < 300) return { kind: 'result', result: said.result }
  const code = said?.error_code ?? answer.status
  if (code === 429) return { kind: 'busy', ms: pauseMs(said?.parameters?.retry_after, answer.retryAfter) }
  const description = said?.description ?? `answered ${answer.status} without a readable body`
  if (code >= 300 && code < 500) throw new TelegramRefused(method, code, description)
  throw new TelegramUnreachable(method, 'unknown', `${code} ${description.slice(0, 300)}`)
}

function readEnvelope(body: string): Envelope | undefined {
  try {
    return envelope.safeParse(JSON.parse(body)).data
  } catch {
    // HTML from a proxy, or an answer cut on its way: the status decides.
    return undefined
  }
}

const longestPauseMs = 24 * 60 * 60 * 1000

function pauseMs(fromBody: number | undefined, fromHeader: string | undefined): number {
  const seconds = fromBody ?? Number(fromHeader ?? Number.NaN)
  if (!Number.isFinite(seconds) || seconds < 0) return 1000
  return Math.min(Math.ceil(seconds * 1000), longestPauseMs)
}
