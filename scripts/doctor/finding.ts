/** One line of the doctor: what was looked at, how it is, and, unless it is well, what to do. */
export type Finding = {
  readonly about: string
  readonly level: 'ok' | 'unknown' | 'warning' | 'wrong'
  readonly says: string
  readonly todo?: string
}

export const ok = (about: string, says: string): Finding => ({ about, level: 'ok', says })
export const unknown = (about: string, says: string): Finding => ({ about, level: 'unknown', says })
export const warning = (about: string, says: string, todo: string): Finding => ({ about, level: 'warning', says, todo })
export const wrong = (about: string, says: string, todo: string): Finding => ({ about, level: 'wrong', says, todo })

/** The innermost reason of a failure: `fetch` itself only says that it failed. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message
}
