import { badRequest } from './errors.ts'
import { type Upload } from './files.ts'

/** The parameters of one call. Everything arrives as text, nested objects as JSON text, as on the real server. */
export class Params {
  readonly #values: ReadonlyMap<string, string>
  readonly #files: ReadonlyMap<string, Upload>

  constructor(values: ReadonlyMap<string, string>, files: ReadonlyMap<string, Upload> = new Map()) {
    this.#values = values
    this.#files = files
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  text(name: string): string {
    return this.#values.get(name) ?? ''
  }

  requiredText(name: string): string {
    const value = this.text(name)
    if (value === '') throw badRequest(`Parameter "${name}" is required`)
    return value
  }

  flag(name: string): boolean {
    return ['true', 'yes', '1'].includes(this.text(name).toLowerCase())
  }

  /** A number kept within its limits; what is no number counts as 0, as on the server. */
  integer(name: string, fallback: number, min = -(2 ** 31), max = 2 ** 31 - 1): number {
    const value = this.text(name)
    const number = value === '' ? fallback : Number(/^\s*-?\d{1,15}/.exec(value)?.[0] ?? 0)
    return Math.min(max, Math.max(min, number))
  }

  /** A nested value; undefined when it was not sent. */
  json(name: string, what: string): unknown {
    const value = this.text(name)
    if (value === '') return undefined
    try {
      return JSON.parse(value) as unknown
    } catch {
      throw badRequest(`Can't parse ${what} JSON object`)
    }
  }

  /** Entities that are not JSON are ignored, as on the server. */
  entities(name: string): unknown {
    try {
      return JSON.parse(this.text(name)) as unknown
    } catch {
      return undefined
    }
  }

  upload(part: string): Upload | undefined {
    return this.#files.get(part)
  }

  /** A file by `attach://part`, by file id, or in the part of the field's own name; undefined when there is none. */
  file(field: string): FileInput | undefined {
    return this.fileFrom(this.text(field), field)
  }

  fileFrom(value: string, field?: string): FileInput | undefined {
    if (value !== '' && !value.startsWith('attach://')) return { kind: 'id', fileId: value }
    const part = value === '' ? field : value.slice('attach://'.length)
    const upload = part === undefined ? undefined : this.upload(part)
    return upload === undefined ? undefined : { kind: 'upload', upload }
  }
}

/** A file to send: uploaded with the call, or known already. */
export type FileInput = { kind: 'upload'; upload: Upload } | { kind: 'id'; fileId: string }
