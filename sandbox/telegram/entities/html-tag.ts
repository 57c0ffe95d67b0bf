import { readReference } from './html-reference.ts'
import { byteOffset, parseError } from './text.ts'

/** An opening tag: its argument is the link, language, class, emoji or format it was given. */
export type StartTag = { name: string; argument: string; unix: number }

const known = new Set(
  'a b strong i em s strike del u ins tg-spoiler tg-emoji tg-time span pre code blockquote'.split(' '),
)

const isSpace = (character: string) => /^[\s\0]?$/.test(character)

/** Reads the tag that opens at `source[at] === '<'`; `end` is the place after its `>`. */
export function readStartTag(source: string, at: number): { tag: StartTag; end: number } {
  const [opening = '', written = ''] = /^<([^\s>\0]*)/.exec(source.slice(at)) ?? []
  const end = at + opening.length
  const place = `at byte offset ${byteOffset(source, at)}`
  if (end >= source.length) throw parseError(`Unclosed start tag ${place}`)
  const name = written.toLowerCase()
  if (!known.has(name)) throw parseError(`Unsupported start tag "${name}" ${place}`)
  const tag = { name, argument: '', unix: 0 }
  const close = new AttributeReader(source, place, tag).read(end)
  if (name === 'span' && tag.argument !== 'spoiler') {
    throw parseError(`Tag "span" must have class "tg-spoiler" ${place}`)
  }
  return { tag, end: close + 1 }
}

class AttributeReader {
  readonly #source: string
  readonly #place: string
  readonly #tag: StartTag
  #at = 0

  constructor(source: string, place: string, tag: StartTag) {
    this.#source = source
    this.#place = place
    this.#tag = tag
  }

  /** Reads attributes up to the closing `>` and tells where it is. */
  read(from: number): number {
    this.#at = from
    this.#skipSpace()
    while (this.#peek() !== '>') {
      this.#readAttribute()
      this.#skipSpace()
    }
    return this.#at
  }

  #peek(): string {
    return this.#source.charAt(this.#at)
  }

  #skipSpace(): void {
    while (this.#peek() !== '' && isSpace(this.#peek())) this.#at++
  }

  #readAttribute(): void {
    const name = this.#take(/[^\s\0=>/"']*/y)
    if (name === '') throw parseError(`Empty attribute name in the tag "${this.#tag.name}" ${this.#place}`)
    this.#skipSpace()
    if (this.#peek() !== '=') {
      if (this.#peek() === '') throw this.#unclosed(true)
      if (this.#tag.name === 'blockquote' && name === 'expandable') this.#tag.argument = '1'
      return
    }
    this.#at++
    this.#skipSpace()
    if (this.#peek() === '') throw this.#unclosed(true)
    const value = this.#peek() === '"' || this.#peek() === "'" ? this.#quoted() : this.#token()
    if (this.#peek() === '') throw this.#unclosed(false)
    keepAttribute(this.#tag, name, value)
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#source)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  #unclosed(withName: boolean) {
    return parseError(`Unclosed start tag ${withName ? `"${this.#tag.name}" ` : ''}${this.#place}`)
  }

  #token(): string {
    const start = this.#at
    const value = this.#take(/[A-Za-z0-9.-]*/y)
    if (!isSpace(this.#peek()) && this.#peek() !== '>') {
      throw parseError(`Unexpected end of name token at byte offset ${byteOffset(this.#source, start)}`)
    }
    return value.toLowerCase()
  }

  #quoted(): string {
    const quote = this.#peek()
    let value = ''
    for (this.#at++; this.#peek() !== '' && this.#peek() !== quote;) {
      const reference = this.#peek() === '&' ? readReference(this.#source, this.#at) : undefined
      value += reference === undefined ? this.#peek() : String.fromCodePoint(reference.code)
      this.#at = reference?.end ?? this.#at + 1
    }
    if (this.#peek() === quote) this.#at++
    return value
  }
}

function keepAttribute(tag: StartTag, name: string, value: string): void {
  const use = `${tag.name} ${name}`
  if (use === 'a href' || use === 'tg-emoji emoji-id' || use === 'tg-time format') tag.argument = value
  else if (use === 'code class' && value.startsWith('language-')) tag.argument = value.slice('language-'.length)
  else if (use === 'span class' && value.startsWith('tg-')) tag.argument = value.slice('tg-'.length)
  else if (use === 'blockquote expandable') tag.argument = '1'
  else if (use === 'tg-time unix') tag.unix = Number.parseInt(value, 10) || 0
}
