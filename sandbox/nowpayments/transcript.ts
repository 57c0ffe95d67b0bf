import { appendFileSync } from 'node:fs'

export type Transcript = (line: Readonly<Record<string, unknown>>) => void

/** Writes down every call and every notification, one JSON line each; without a path, nothing. Keys are never in it. */
export function openTranscript(path: string | undefined, now: () => number): Transcript {
  if (path === undefined) return () => undefined
  return (line) => {
    appendFileSync(path, `${JSON.stringify({ at: new Date(now()).toISOString(), ...line })}\n`)
  }
}
