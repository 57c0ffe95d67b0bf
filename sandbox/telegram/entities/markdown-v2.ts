import { type Entity } from '../bot-api.ts'
import { linkedEmoji, linkedTime } from './links.ts'
import { readPreOpening } from './markdown.ts'
import { type FormattedText, byteOffset, linkEntity, parseError, sortEntities } from './text.ts'

type Kind =
  | 'Bold'
  | 'Italic'
  | 'Underline'
  | 'Strikethrough'
  | 'Spoiler'
  | 'Code'
  | 'Pre'
  | 'PreCode'
  | 'TextUrl'
  | 'CustomEmoji'
  | 'BlockQuote'

type Open = { kind: Kind; argument: string; offset: number; at: number }

const apiType: Partial<Record<Kind, string>> = {
  Bold: 'bold',
  Italic: 'italic',
  Underline: 'underline',
  Strikethrough: 'strikethrough',
  Spoiler: 'spoiler',
  Code: 'code',
  Pre: 'pre',
  PreCode: 'pre',
}

const closingMark: Partial<Record<Kind, string>> = {
  Bold: '*',
  Underline: '__',
  Strikethrough: '~',
  Spoiler: '||',
  Code: '`',
  Pre: '```',
  PreCode: '```',
  TextUrl: ']',
  CustomEmoji: ']',
}

/** `parse_mode: MarkdownV2`, with the server's own complaints. */
export function parseMarkdownV2(source: string): FormattedText {
  return new MarkdownV2Parser(source).parse()
}

class MarkdownV2Parser {
  readonly #source: string
  #at = 0
  #text = ''
  #open: Open[] = []
  #entities: Entity[] = []
  #isInQuote = false
  #canStartQuote = true

  constructor(source: string) {
    this.#source = source
  }

  parse(): FormattedText {
    while (this.#at < this.#source.length) this.#readNext()
    if (this.#isInQuote) this.#endLastQuote()
    const unclosed = this.#open.at(-1)
    if (unclosed !== undefined) throw this.#noEnd(unclosed)
    return { text: this.#text, entities: sortEntities(this.#entities) }
  }

  #readNext(): void {
    const character = this.#source.charAt(this.#at)
    const next = this.#source.charAt(this.#at + 1)
    if (character === '\\' && next >= '\x01' && next <= '~') {
      this.#keep(next, 2)
      return
    }
    const top = this.#open.at(-1)
    const isCode = top?.kind === 'Code' || top?.kind === 'Pre' || top?.kind === 'PreCode'
    const isReserved = isCode ? character === '`' : '_*[]()~`>#+-=|{}.!\n'.includes(character)
    const endsQuoteLine = this.#isInQuote && character === '\n' && next !== '>'
    if (!isReserved) this.#keep(character, 1)
    else if (top !== undefined && (endsQuoteLine || this.#isEndOf(top))) this.#end(top, endsQuoteLine)
    else this.#begin(character)
  }

  #keep(character: string, length: number): void {
    this.#text += character
    this.#at += length
    if (character !== '\r') this.#canStartQuote = character === '\n'
  }

  #isEndOf({ kind }: Open): boolean {
    const ahead = this.#source.slice(this.#at, this.#at + 3)
    if (kind === 'Italic') return ahead.startsWith('_') && !ahead.startsWith('__')
    const mark = closingMark[kind]
    return mark !== undefined && ahead.startsWith(mark)
  }

  #begin(character: string): void {
    const start = this.#at
    const ahead = this.#source.slice(start, start + 3)
    if (character === '\n') {
      this.#keep('\n', 1)
      return
    }
    if (character === '>') {
      this.#beginQuote()
      return
    }
    if (ahead === '```') {
      this.#beginPre()
      return
    }
    const kind = kindOf(ahead)
    if (kind === undefined) throw reserved(character)
    this.#at += kind === 'Underline' || kind === 'Spoiler' || kind === 'CustomEmoji' ? 2 : 1
    this.#push(kind, start)
  }

  #push(kind: Kind, at: number, argument = ''): void {
    this.#open.push({ kind, argument, offset: this.#text.length, at })
  }

  #beginQuote(): void {
    if (!this.#canStartQuote) throw reserved('>')
    this.#at++
    if (this.#isInQuote) return
    this.#isInQuote = true
    this.#push('BlockQuote', this.#at - 1)
  }

  #beginPre(): void {
    const { language, start } = readPreOpening(this.#source, this.#at + 3)
    this.#push(language === '' ? 'Pre' : 'PreCode', this.#at, language)
    this.#at = start
  }

  #end(top: Open, endsQuoteLine: boolean): void {
    if (endsQuoteLine) {
      this.#endQuoteLine(top)
      return
    }
    const place = { offset: top.offset, length: this.#text.length - top.offset }
    this.#at += closingMark[top.kind]?.length ?? 1
    const found = this.#entityOf(top, place)
    if (place.length > 0) this.#entities.push(...found)
    this.#open.pop()
  }

  #entityOf({ kind, argument, offset }: Open, place: { offset: number; length: number }): Entity[] {
    if (kind === 'TextUrl') return linkEntity(this.#readTarget() ?? this.#text.slice(offset), place)
    if (kind === 'CustomEmoji') return [this.#specialEntity(place)]
    return [{ type: apiType[kind] ?? 'bold', ...place, language: argument === '' ? undefined : argument }]
  }

  #specialEntity(place: { offset: number; length: number }): Entity {
    const link = this.#readTarget()
    if (link === undefined) throw parseError('The entity must contain a tg://emoji or tg://time URL')
    const emoji = linkedEmoji(link)
    if (emoji !== undefined) return { type: 'custom_emoji', ...place, custom_emoji_id: emoji }
    const time = linkedTime(link)
    if (time === undefined) throw parseError('Invalid tg://emoji or tg://time URL specified')
    return { type: 'date_time', ...place, unix_time: time.unix, date_time_format: time.format }
  }

  /** The link in parentheses, unescaped; undefined when there are none. */
  #readTarget(): string | undefined {
    if (this.#source[this.#at] !== '(') return undefined
    const start = ++this.#at
    let link = ''
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      const next = this.#source.charAt(this.#at + 1)
      if (this.#source[this.#at] === '\\' && next >= '\x01' && next <= '~') this.#at++
      link += this.#source.charAt(this.#at++)
    }
    if (this.#at >= this.#source.length) {
      throw parseError(`Can't find end of a URL at byte offset ${byteOffset(this.#source, start)}`)
    }
    this.#at++
    return link
  }

  /** A line break ends a quotation; two bars just before it make the quotation expandable. */
  #endQuoteLine(top: Open): void {
    const isExpandable = top.kind === 'Spoiler' && /^\|\|\r?$/.test(this.#source.slice(top.at, this.#at))
    if (isExpandable) this.#open.pop()
    const quote = this.#open.at(-1)
    if (quote?.kind !== 'BlockQuote') throw this.#noEnd(quote ?? top)
    this.#keep('\n', 1)
    this.#closeQuote(quote, isExpandable)
  }

  #endLastQuote(): void {
    const last = this.#open.at(-1)
    const isExpandable = last?.kind === 'Spoiler' && last.at === this.#source.length - 2
    if (isExpandable) this.#open.pop()
    const quote = this.#open.at(-1)
    if (quote?.kind === 'BlockQuote') this.#closeQuote(quote, isExpandable)
  }

  #closeQuote({ offset }: Open, isExpandable: boolean): void {
    const length = this.#text.length - offset
    const type = isExpandable ? 'expandable_blockquote' : 'blockquote'
    if (length > 0) this.#entities.push({ type, offset, length })
    this.#isInQuote = false
    this.#open.pop()
  }

  #noEnd({ kind, at }: Open) {
    return parseError(`Can't find end of ${kind} entity at byte offset ${byteOffset(this.#source, at)}`)
  }
}

function kindOf(ahead: string): Kind | undefined {
  if (ahead.startsWith('__')) return 'Underline'
  if (ahead.startsWith('||')) return 'Spoiler'
  if (ahead.startsWith('![')) return 'CustomEmoji'
  const simple: Record<string, Kind> = { _: 'Italic', '*': 'Bold', '~': 'Strikethrough', '[': 'TextUrl', '`': 'Code' }
  return simple[ahead.charAt(0)]
}

const reserved = (character: string) =>
  parseError(`Character '${character}' is reserved and must be escaped with the preceding '\\'`)
