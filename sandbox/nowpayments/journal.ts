import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Line = { readonly kind: string; readonly id: string; readonly record: unknown }

/** Records by kind and id, kept in memory and, given a folder, in a file that survives a restart. */
export class Journal {
  readonly #file: string | undefined
  readonly #records = new Map<string, Map<string, unknown>>()

  constructor(dataDir?: string) {
    if (dataDir === undefined) return
    mkdirSync(dataDir, { recursive: true })
    this.#file = join(dataDir, 'nowpayments.jsonl')
    if (existsSync(this.#file)) this.#load(this.#file)
  }

  put(kind: string, id: string, record: unknown): void {
    this.all(kind).set(id, record)
    if (this.#file !== undefined) appendFileSync(this.#file, lineOf({ kind, id, record }))
  }

  all(kind: string): Map<string, unknown> {
    const known = this.#records.get(kind) ?? new Map<string, unknown>()
    this.#records.set(kind, known)
    return known
  }

  /** Reads what was kept, the last version of each record counting, and writes the file anew with only those. */
  #load(file: string): void {
    for (const text of readFileSync(file, 'utf8').split('\n')) {
      const line = readLine(text)
      if (line !== undefined) this.all(line.kind).set(line.id, line.record)
    }
    const lines = [...this.#records].flatMap(([kind, records]) =>
      [...records].map(([id, record]) => lineOf({ kind, id, record })),
    )
    writeFileSync(`${file}.new`, lines.join(''))
    renameSync(`${file}.new`, file)
  }
}

const lineOf = (line: Line): string => `${JSON.stringify(line)}\n`

/** A process that was killed may have left its last line unfinished. */
function readLine(text: string): Line | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Line)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
