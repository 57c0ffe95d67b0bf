import { badRequest, BotApiError } from './errors.ts'

/** A JSON object whose fields are not checked yet. */
export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object of the wrong shape; `parsing` says of what. */
export class ShapeError extends BotApiError {
  readonly reason: string

  constructor(reason: string) {
    super(400, badRequest(reason).message)
    this.reason = reason
  }
}

/** Complaints about the shape of a part name the part: `Can't parse BotCommand: …`. Other refusals pass. */
export function parsing<T>(part: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause
    throw Object.assign(badRequest(`Can't parse ${part}: ${cause.reason}`), { cause })
  }
}

const wrongType = (name: string, type: string) => new ShapeError(`Field "${name}" must be of type ${type}`)

const missing = (name: string) => new ShapeError(`Can't find field "${name}"`)

/** Text of a field; numbers are read as text, as the server does. */
export function optionalText(object: JsonObject, name: string): string {
  const value = object[name]
  if (value === undefined || value === null) return ''
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') throw wrongType(name, 'String')
  return value
}

export function requiredText(object: JsonObject, name: string): string {
  if (object[name] === undefined) throw missing(name)
  return optionalText(object, name)
}

export function optionalFlag(object: JsonObject, name: string): boolean {
  const value = object[name]
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw wrongType(name, 'Boolean')
  return value
}

export function optionalInteger(object: JsonObject, name: string): number | undefined {
  const value = object[name]
  if (value === undefined || value === null) return undefined
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw wrongType(name, 'Number')
  return number
}

export function requiredInteger(object: JsonObject, name: string): number {
  const value = optionalInteger(object, name)
  if (value === undefined) throw missing(name)
  return value
}

export function requiredObject(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  if (value === undefined) throw missing(name)
  if (!isObject(value)) throw wrongType(name, 'Object')
  return value
}

export function optionalArray(object: JsonObject, name: string): unknown[] {
  const value = object[name]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw wrongType(name, 'Array')
  return value
}
