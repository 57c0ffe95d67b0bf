/** JSON as it was spelled: numbers keep their text, object members their order, keys both their spelling and meaning. */
export type JsonTree =
  | JsonObject
  | { readonly kind: 'array'; readonly items: readonly JsonTree[] }
  | { readonly kind: 'string'; readonly spelling: string; readonly value: string }
  | { readonly kind: 'number' | 'literal'; readonly spelling: string }

export type JsonObject = { readonly kind: 'object'; readonly members: readonly JsonMember[] }
export type JsonMember = { readonly name: string; readonly spelling: string; readonly value: JsonTree }

export const deepestNesting = 16

/** Why a text is not the one plain object it should be; the message says where. */
export class NotStrictJson extends Error {
  override readonly name = 'NotStrictJson'
}

type Cursor = { readonly text: string; at: number }

const space = /[\t\n\r ]*/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const literal = /true|false|null/y

/**
 * Reads exactly one JSON object. Stricter than `JSON.parse`, because two parsers that disagree are a way in:
 * repeated keys, `__proto__` (however spelled) and deep nesting are refused.
 */
export function parseStrictObject(text: string): JsonObject {
  const cursor: Cursor = { text, at: 0 }
  const tree = readValue(cursor, 1)
  if (cursor.at !== text.length) refuse(cursor, 'the end')
  if (tree.kind !== 'object') throw new NotStrictJson(`Expected one JSON object, got ${tree.kind}`)
  return tree
}

function readValue(cursor: Cursor, depth: number): JsonTree {
  skip(cursor)
  const tree = readBareValue(cursor, depth)
  skip(cursor)
  return tree
}

function readBareValue(cursor: Cursor, depth: number): JsonTree {
  const first = cursor.text.charAt(cursor.at)
  if (first === '{') return readObject(cursor, depth)
  if (first === '[') return readArray(cursor, depth)
  if (first === '"') return readString(cursor)
  const spelling = take(cursor, number)
  if (spelling !== undefined) return { kind: 'number', spelling }
  return { kind: 'literal', spelling: take(cursor, literal) ?? refuse(cursor, 'a value') }
}

function readObject(cursor: Cursor, depth: number): JsonObject {
  const names = new Set<string>()
  const members = readList(cursor, depth, '}', () => {
    const member = readMember(cursor, depth)
    if (names.has(member.name)) refuse(cursor, 'a key used once')
    names.add(member.name)
    return member
  })
  return { kind: 'object', members }
}

const readArray = (cursor: Cursor, depth: number): JsonTree => ({
  kind: 'array',
  items: readList(cursor, depth, ']', () => readValue(cursor, depth + 1)),
})

function readMember(cursor: Cursor, depth: number): JsonMember {
  skip(cursor)
  const { spelling, value: name } = readString(cursor)
  if (name === '__proto__') refuse(cursor, 'a key other than __proto__')
  skip(cursor)
  if (!accept(cursor, ':')) refuse(cursor, 'a colon')
  return { name, spelling, value: readValue(cursor, depth + 1) }
}

function readList<Entry>(cursor: Cursor, depth: number, end: string, readEntry: () => Entry): Entry[] {
  if (depth > deepestNesting) refuse(cursor, `at most ${deepestNesting} levels`)
  cursor.at += 1
  skip(cursor)
  if (accept(cursor, end)) return []
  const entries: Entry[] = []
  do entries.push(readEntry())
  while (accept(cursor, ','))
  if (!accept(cursor, end)) refuse(cursor, `a comma or ${end}`)
  return entries
}

function readString(cursor: Cursor): { kind: 'string'; spelling: string; value: string } {
  const spelling = take(cursor, string) ?? refuse(cursor, 'a string')
  const value = spelling.includes('\\') ? (JSON.parse(spelling) as string) : spelling.slice(1, -1)
  return { kind: 'string', spelling, value }
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  const taken = pattern.exec(cursor.text)?.[0]
  cursor.at += taken?.length ?? 0
  return taken
}

function skip(cursor: Cursor): void {
  take(cursor, space)
}

function accept(cursor: Cursor, character: string): boolean {
  if (cursor.text.charAt(cursor.at) !== character) return false
  cursor.at += 1
  return true
}

function refuse({ at }: Cursor, expected: string): never {
  throw new NotStrictJson(`Expected ${expected} at character ${at}`)
}
