import { BotApiError } from './errors.ts'

/** A part of a form: with a file name it is a file, whatever its type says. */
export type PartHeader = { name: string; fileName?: string }

const wrong = (reason: string) => new BotApiError(400, `Bad Request: ${reason}`)

/** Reads the headers of a part as the server does: names quoted or bare, and percent-encoding undone. */
export function readPartHeader(headers: string): PartHeader {
  const part: PartHeader = { name: '' }
  for (const line of headers.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const [, key = '', value = ''] = /^([^:]*):(.*)$/s.exec(line) ?? []
    if (key.trim().toLowerCase() === 'content-disposition') readDisposition(value.trim(), part)
  }
  if (part.name === '') throw wrong('field name in multipart/form-data not found')
  return part
}

function readDisposition(value: string, part: PartHeader): void {
  if (!value.startsWith('form-data;')) throw wrong('expected form-data content disposition')
  let rest = value.slice('form-data;'.length)
  for (let match = nextKey(rest); match !== null; match = nextKey(rest)) {
    const [whole, key = ''] = match
    const read = readValue(rest.slice(whole.length))
    rest = read.rest
    if (key === 'name') part.name = decode(read.value)
    if (key === 'filename') part.fileName = decode(read.value)
  }
}

const nextKey = (rest: string) => /^\s*([^=]*?)\s*=\s*/.exec(rest)

function readValue(rest: string): { value: string; rest: string } {
  if (!rest.startsWith('"')) {
    const end = rest.indexOf(';')
    return end === -1
      ? { value: rest.trim(), rest: '' }
      : { value: rest.slice(0, end).trim(), rest: rest.slice(end + 1) }
  }
  const quoted = /^"((?:[^"\\]|\\.)*)"\s*/s.exec(rest)
  if (quoted === null) throw wrong('unclosed quoted string in Content-Disposition header')
  const [whole, value = ''] = quoted
  const after = rest.slice(whole.length)
  if (after !== '' && !after.startsWith(';')) throw wrong("expected ';' in Content-Disposition header")
  return { value: value.replace(/\\(.)/gs, '$1'), rest: after.slice(1) }
}

/** Undoes percent-encoding byte by byte; what is not encoded stays. */
function decode(value: string): string {
  if (!value.includes('%')) return value
  const bytes = Buffer.from(value).toString('latin1')
  const decoded = bytes.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(decoded, 'latin1').toString('utf8')
}
