import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { ByteReader } from './byte-reader.ts'
import { BackupUnusable, damaged } from './errors.ts'

/**
 * The outside of a backup: a line that says what it is, a line of JSON, then pieces of at most 64 KB, each with its length and a tag of
 * 16 bytes. With a key a piece is sealed by AES-256-GCM under a key of this file alone; without one the tag is a piece of a
 * SHA-256. Either way the tag covers the header, the place of the piece, and whether it is the last: nothing can be changed,
 * moved, left out or cut off unnoticed.
 */

const magic = 'COMPTOIR BACKUP 1\n'
const anyMagic = /^COMPTOIR BACKUP \d+\n$/
const pieceBytes = 64 * 1024
const tagBytes = 16
const lastFlag = 0x8000_0000
const longestHeader = 4096

const headerShape = z.object({
  takenAt: z.iso.datetime(),
  keyId: z.string().nullable(),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
})
export type SealHeader = z.infer<typeof headerShape>

/** Names a key without telling anything of it. */
export const keyIdOf = (key: Buffer): string =>
  derive(key, Buffer.alloc(0), 'comptoir backup key id', 8).toString('hex')

const derive = (key: Buffer, salt: Buffer, purpose: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, purpose, bytes))

type Seal = { readonly fileKey: Buffer | undefined; readonly headerHash: Buffer }

/** Seals bytes as they come; without a key they stay readable by everybody. */
export async function* sealed(
  plain: AsyncIterable<Buffer>,
  { takenAt, key }: { readonly takenAt: Date; readonly key: Buffer | undefined },
): AsyncGenerator<Buffer> {
  const salt = randomBytes(32)
  const keyId = key === undefined ? null : keyIdOf(key)
  const header: SealHeader = { takenAt: takenAt.toISOString(), keyId, salt: salt.toString('hex') }
  const head = Buffer.from(`${magic}${JSON.stringify(header)}\n`)
  yield head
  const seal = sealOf(head, salt, key)
  let place = 0
  let before: Buffer | undefined
  for await (const piece of inPieces(plain)) {
    if (before !== undefined) yield sealPiece(seal, before, place++, false)
    before = piece
  }
  yield sealPiece(seal, before ?? Buffer.alloc(0), place, true)
}

const sealOf = (head: Buffer, salt: Buffer, key: Buffer | undefined): Seal => ({
  fileKey: key === undefined ? undefined : derive(key, salt, 'comptoir backup', 32),
  headerHash: createHash('sha256').update(head).digest(),
})

async function* inPieces(plain: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let size = 0
  for await (const chunk of plain) {
    for (let rest = chunk; rest.length > 0;) {
      const part = rest.subarray(0, pieceBytes - size)
      rest = rest.subarray(part.length)
      parts.push(part)
      size += part.length
      if (size < pieceBytes) continue
      yield Buffer.concat(parts)
      parts = []
      size = 0
    }
  }
  if (size > 0) yield Buffer.concat(parts)
}

function sealPiece({ fileKey, headerHash }: Seal, piece: Buffer, place: number, isLast: boolean): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE((piece.length | (isLast ? lastFlag : 0)) >>> 0)
  const nonce = nonceOf(place, isLast)
  if (fileKey === undefined) return Buffer.concat([length, piece, plainTag(headerHash, nonce, piece)])
  const cipher = createCipheriv('aes-256-gcm', fileKey, nonce).setAAD(headerHash)
  const hidden = Buffer.concat([cipher.update(piece), cipher.final()])
  return Buffer.concat([length, hidden, cipher.getAuthTag()])
}

function nonceOf(place: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(place))
  nonce.writeUInt8(isLast ? 1 : 0, 11)
  return nonce
}

const plainTag = (headerHash: Buffer, nonce: Buffer, piece: Buffer): Buffer =>
  createHash('sha256').update(headerHash).update(nonce).update(piece).digest().subarray(0, tagBytes)

/** What was sealed, piece by piece, each verified before it is given. Throws `BackupUnusable` in plain words. */
export async function* unsealed(file: AsyncIterable<Buffer>, key: Buffer | undefined): AsyncGenerator<Buffer> {
  const reader = new ByteReader(file)
  const { head, header } = await readHead(reader)
  const seal = sealOf(head, Buffer.from(header.salt, 'hex'), keyFor(header, key))
  for (let place = 0; ; place += 1) {
    const { piece, isLast } = await readPiece(reader, seal, place)
    if (piece.length > 0) yield piece
    if (isLast) break
  }
  if (!(await reader.isAtEnd())) throw damaged('something follows its end')
}

/** What the header says, before anything else is read. */
export async function readSealHeader(file: AsyncIterable<Buffer>): Promise<SealHeader> {
  return (await readHead(new ByteReader(file))).header
}

async function readHead(reader: ByteReader): Promise<{ head: Buffer; header: SealHeader }> {
  const first = await reader.take(magic.length)
  if (first?.toString('latin1') !== magic) {
    const isOfAnother = anyMagic.test(first?.toString('latin1') ?? '')
    throw new BackupUnusable(isOfAnother ? 'The backup was made by a newer release.' : 'This is no backup of Comptoir.')
  }
  const line: number[] = []
  for (let byte = await reader.takeByte(); byte !== 10; byte = await reader.takeByte()) {
    if (byte === undefined || line.length === longestHeader) throw damaged('its header')
    line.push(byte)
  }
  const text = Buffer.from(line).toString('utf8')
  return { head: Buffer.from(`${magic}${text}\n`), header: parseHeader(text) }
}

function parseHeader(text: string): SealHeader {
  try {
    return headerShape.parse(JSON.parse(text))
  } catch (error) {
    throw damaged('its header', error)
  }
}

function keyFor({ keyId }: SealHeader, key: Buffer | undefined): Buffer | undefined {
  if (keyId === null) return undefined
  if (key === undefined) throw new BackupUnusable(`The backup is encrypted: set BACKUP_KEY to the key ${keyId}.`)
  if (keyIdOf(key) === keyId) return key
  throw new BackupUnusable(
    `The backup is encrypted with another key: it needs ${keyId}, BACKUP_KEY is ${keyIdOf(key)}.`,
  )
}

async function readPiece(reader: ByteReader, { fileKey, headerHash }: Seal, place: number) {
  const where = `piece ${place + 1}`
  const length = (await reader.take(4))?.readUInt32BE()
  if (length === undefined) throw damaged(`${where} is missing`)
  const isLast = length >= lastFlag
  const size = length % lastFlag
  if (size > pieceBytes) throw damaged(where)
  const hidden = size === 0 ? Buffer.alloc(0) : await reader.take(size)
  const tag = await reader.take(tagBytes)
  if (hidden === undefined || tag === undefined) throw damaged(`${where} is cut short`)
  const nonce = nonceOf(place, isLast)
  if (fileKey === undefined) {
    if (!plainTag(headerHash, nonce, hidden).equals(tag)) throw damaged(where)
    return { piece: hidden, isLast }
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', fileKey, nonce, { authTagLength: tagBytes })
    decipher.setAAD(headerHash).setAuthTag(tag)
    return { piece: Buffer.concat([decipher.update(hidden), decipher.final()]), isLast }
  } catch (error) {
    throw damaged(where, error)
  }
}
