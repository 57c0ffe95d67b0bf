import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'

/** One request as it was sent; `files` names the parts that carried a file. */
export type RecordedCall = { method: string; params: Record<string, unknown>; files: string[] }

/** Keeps every Bot API request in memory and, when a path is given, as JSON lines. */
export class Transcript {
  readonly #file: number | undefined
  readonly #calls: RecordedCall[] = []

  constructor(file?: string) {
    if (file === undefined) return
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
    this.#file = openSync(file, 'a', 0o600)
  }

  record(call: RecordedCall): void {
    this.#calls.push(call)
    if (this.#calls.length > 10_000) this.#calls.shift()
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(call)}\n`)
  }

  /** The newest ten thousand calls. */
  list(): readonly RecordedCall[] {
    return this.#calls
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
  }
}
