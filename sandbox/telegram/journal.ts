import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'

type Line = readonly [table: string, key: string, value?: unknown]

/** Named collections kept in memory and, when a file is given, appended to it: what was put survives a restart. */
export class Journal {
  readonly #tables = new Map<string, Map<string, unknown>>()
  readonly #file: number | undefined

  constructor(file?: string) {
    if (file === undefined) return
    mkdirSync(path.dirname(file), { recursive: true })
    for (const line of readLines(file)) this.#apply(line)
    this.#file = this.#rewrite(file)
  }

  /** The collection of that name; its records are live objects, put again after each change. */
  table<T>(name: string): Table<T> {
    const records = this.#records(name) as Map<string, T>
    return {
      get: (key) => records.get(key),
      values: () => [...records.values()],
      put: (key, value) => {
        records.set(key, value)
        this.#append([name, key, value])
      },
      remove: (key) => {
        if (records.delete(key)) this.#append([name, key])
      },
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
  }

  #records(name: string): Map<string, unknown> {
    const records = this.#tables.get(name) ?? new Map<string, unknown>()
    this.#tables.set(name, records)
    return records
  }

  #apply([table, key, value]: Line): void {
    if (value === undefined) this.#records(table).delete(key)
    else this.#records(table).set(key, value)
  }

  #append(line: Line): void {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(line)}\n`)
  }

  /** The file grows with every change, so each start begins with what is still true. */
  #rewrite(file: string): number {
    const next = `${file}.next`
    const descriptor = openSync(next, 'w', 0o600)
    for (const [table, records] of this.#tables) {
      for (const [key, value] of records) writeSync(descriptor, `${JSON.stringify([table, key, value])}\n`)
    }
    fsyncSync(descriptor)
    renameSync(next, file)
    return descriptor
  }
}

/** One collection of a journal. */
export type Table<T> = {
  get(key: string): T | undefined
  values(): T[]
  put(key: string, value: T): void
  remove(key: string): void
}

function readLines(file: string): Line[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  const unfinished = lines.pop() // a process killed while writing leaves half a line behind its last newline
  if (unfinished !== '') process.stderr.write(`The last change in ${file} was cut off and is left out.\n`)
  return lines.map((line, index) => parseLine(line, index, file))
}

function parseLine(line: string, index: number, file: string): Line {
  try {
    return JSON.parse(line) as Line
  } catch (cause) {
    throw new Error(`Line ${index + 1} of ${file} is damaged. Delete the file to start with empty chats.`, { cause })
  }
}
