import { type z } from 'zod'
import { type Answer, errorOf, isThrottled } from './request.ts'

/** An answer to a question. Only `found` carries one; `unreachable` may be otherwise in a minute. */
export type Reply<Value> =
  | { readonly kind: 'found'; readonly value: Value }
  | { readonly kind: 'not found' | 'not authorised'; readonly message: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'unreachable'; readonly cause: string }

export const isSuccess = ({ status }: { status: number }): boolean => status >= 200 && status < 300

/** Sorts an answer: what was asked for, a clear no, or nothing that could be relied on. */
export function replyOf<Value>(answer: Answer, schema: z.ZodType<Value>): Reply<Value> {
  if (answer.kind === 'no answer') return { kind: 'unreachable', cause: answer.cause }
  if (isSuccess(answer)) {
    const { data } = schema.safeParse(answer.body)
    return data === undefined ? unreadable : { kind: 'found', value: data }
  }
  const { code, message } = errorOf(answer.body)
  if (isThrottled(answer)) return { kind: 'unreachable', cause: 'too many requests' }
  if (answer.status === 404) return { kind: 'not found', message }
  if (answer.status === 401 || answer.status === 403) return { kind: 'not authorised', message }
  const isRefusal = code !== '' || (answer.status >= 400 && answer.status < 500)
  return isRefusal ? { kind: 'refused', code, message } : { kind: 'unreachable', cause: `HTTP ${answer.status}` }
}

const unreadable = { kind: 'unreachable', cause: 'an answer that cannot be read' } as const
