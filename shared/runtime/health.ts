import { setTimeout as pause } from 'node:timers/promises'

const answerWithinMs = 1_800

export type CheckResult = { readonly ok: boolean; readonly detail?: string | number | readonly string[] }

export type Check = {
  readonly name: string
  /** Without it the service cannot do its work at all; anything else can wait, and is merely degraded. */
  readonly isVital: boolean
  readonly look: () => Promise<CheckResult>
}

export type HealthReport = {
  readonly status: 'ok' | 'degraded' | 'down'
  readonly service: string
  readonly version: string
  readonly checks: Readonly<Record<string, CheckResult>>
}

export type Identity = { readonly service: string; readonly version: string }

/** Looks at everything at once; what does not answer in time counts as down, so that the report comes within 2 s. */
export async function reportHealth(identity: Identity, checks: readonly Check[]): Promise<HealthReport> {
  const results = await Promise.all(checks.map(({ look }) => lookInTime(look)))
  const failed = checks.filter((_, index) => results[index]?.ok !== true)
  const status = failed.length === 0 ? 'ok' : failed.some(({ isVital }) => isVital) ? 'down' : 'degraded'
  const named = checks.map(({ name }, index) => [name, results[index]] as const)
  return { status, ...identity, checks: Object.fromEntries(named) as Record<string, CheckResult> }
}

async function lookInTime(look: Check['look']): Promise<CheckResult> {
  const done = new AbortController()
  const late = pause(answerWithinMs, { ok: false, detail: 'does not answer' }, { signal: done.signal })
  try {
    return await Promise.race([look(), late.catch(() => ({ ok: false }))])
  } catch {
    return { ok: false } // why is in the log of who uses it; this is shown to anybody
  } finally {
    done.abort()
  }
}
