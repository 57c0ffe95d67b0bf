import { z } from 'zod'
import { type DumpRecord } from '../db/dump/dump-record.ts'
import { ByteReader } from './byte-reader.ts'
import { damaged } from './errors.ts'

/** The inside of a backup: each record is a letter, the length of what follows, and that. */

const longestBytes = 64 * 1024
const longestJson = 4 * 1024 * 1024

export async function* encodeRecords(records: AsyncIterable<DumpRecord>): AsyncGenerator<Buffer> {
  for await (const record of records) {
    if (record.kind !== 'rows') yield framed(letters[record.kind], Buffer.from(JSON.stringify(contentOf(record))))
    else for (const part of inParts(record.bytes)) yield framed('D', part)
  }
}

const letters = { header: 'H', table: 'T', 'table end': 'E', end: 'Z' } as const

function contentOf(record: Exclude<DumpRecord, { kind: 'rows' }>): unknown {
  if (record.kind === 'header') return record.header
  if (record.kind === 'table') return record.table
  return record.kind === 'end' ? record.summary : { rows: record.rows }
}

function* inParts(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += longestBytes) yield bytes.subarray(start, start + longestBytes)
}

function framed(letter: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(letter, 'latin1')
  head.writeUInt32BE(content.length, 1)
  return Buffer.concat([head, content])
}

const count = z.number().int().nonnegative()
const shapes = {
  H: z.object({
    takenAt: z.iso.datetime(),
    migrations: z.array(z.string()),
    sequences: z.array(z.object({ name: z.string(), last: z.string().regex(/^\d+$/) })),
  }),
  T: z.object({ name: z.string(), columns: z.array(z.string()).min(1) }),
  E: z.object({ rows: count }),
  Z: z.object({ tables: count, rows: count }),
}

/** The records up to the end, which must be there, and be the last thing. */
export async function* decodeRecords(bytes: AsyncIterable<Buffer>): AsyncGenerator<DumpRecord> {
  const reader = new ByteReader(bytes)
  for (;;) {
    const head = await reader.take(5)
    if (head === undefined) throw damaged('it has no end')
    const letter = head.toString('latin1', 0, 1)
    const length = head.readUInt32BE(1)
    if (length > (letter === 'D' ? longestBytes : longestJson)) throw damaged('a record is too long')
    const content = await reader.take(length)
    if (content === undefined) throw damaged('a record is cut short')
    const record = decode(letter, content)
    if (record.kind === 'end' && !(await reader.isAtEnd())) throw damaged('something follows its end')
    yield record
    if (record.kind === 'end') return
  }
}

function decode(letter: string, content: Buffer): DumpRecord {
  if (letter === 'D') return { kind: 'rows', bytes: content }
  try {
    const said: unknown = JSON.parse(content.toString('utf8'))
    if (letter === 'H') return { kind: 'header', header: shapes.H.parse(said) }
    if (letter === 'T') return { kind: 'table', table: shapes.T.parse(said) }
    if (letter === 'E') return { kind: 'table end', ...shapes.E.parse(said) }
    if (letter === 'Z') return { kind: 'end', summary: shapes.Z.parse(said) }
  } catch (error) {
    throw damaged('a record cannot be read', error)
  }
  throw damaged('a record of an unknown kind')
}
