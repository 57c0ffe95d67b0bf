/** Reads so many bytes from there; fewer only where the object ends. */
export type ReadAt = (firstByte: number, lengthBytes: number) => Promise<Buffer>

export type ZipEntry = { readonly name: string; readonly sizeBytes: bigint; readonly isFolder: boolean }

/** Why a zip is not taken. */
export class ZipRefused extends Error {
  override readonly name = 'ZipRefused'
  readonly reason: 'damaged archive' | 'archive bomb'

  constructor(reason: ZipRefused['reason'], what: string) {
    super(what)
    this.reason = reason
  }
}

export const mostEntries = 10_000
export const mostDirectoryBytes = 16 * 1_048_576
const mostExpansion = 100n
const mostDeclaredBytes = 10_737_418_240n

const endBytes = 22
const locatorBytes = 20
const end64Bytes = 56
const longestComment = 65_535
/** Stands where a number does not fit, which then is in its long form elsewhere. */
const full = 0xffff_ffff

/**
 * The directory of a zip in two or three ranged reads, nothing unpacked. Every number in it is checked against the object:
 * a directory that does not lie exactly before its end record is read differently by different programs, and refused.
 */
export async function readZipDirectory(readAt: ReadAt, sizeBytes: number): Promise<ZipEntry[]> {
  const end = await findEnd(readAt, sizeBytes)
  if (end.entries > mostEntries) throw damaged(`${end.entries} entries`)
  if (end.directoryBytes > mostDirectoryBytes) throw damaged(`a directory of ${end.directoryBytes} bytes`)
  if (end.directoryAt + end.directoryBytes !== end.endsAt) throw damaged('the directory is not where it is said to be')
  const directory = await readAt(end.directoryAt, end.directoryBytes)
  if (directory.length !== end.directoryBytes) throw damaged('the directory ends early')
  const entries = readEntries(directory, end)
  const declared = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0n)
  if (declared > mostDeclaredBytes && declared > BigInt(sizeBytes) * mostExpansion) {
    throw new ZipRefused('archive bomb', `${sizeBytes} bytes declare ${declared}`)
  }
  return entries
}

type End = {
  readonly entries: number
  readonly directoryBytes: number
  readonly directoryAt: number
  /** Where the end records begin: the directory must reach exactly there. */
  readonly endsAt: number
}

const damaged = (what: string): ZipRefused => new ZipRefused('damaged archive', what)

async function findEnd(readAt: ReadAt, sizeBytes: number): Promise<End> {
  const tailAt = Math.max(0, sizeBytes - endBytes - longestComment - locatorBytes)
  const tail = await readAt(tailAt, sizeBytes - tailAt)
  const at = tail.lastIndexOf('PK\x05\x06', tail.length - endBytes, 'latin1')
  if (at < 0) throw damaged('no end record')
  const record = tail.subarray(at)
  if (record.length !== endBytes + record.readUInt16LE(20)) throw damaged('something stands behind the end record')
  const locator = at >= locatorBytes ? tail.subarray(at - locatorBytes, at) : Buffer.alloc(0)
  if (locator.length > 0 && locator.readUInt32LE(0) === 0x07064b50) {
    const end = await readEnd64(readAt, locator)
    if (end.endsAt + end64Bytes !== tailAt + at - locatorBytes)
      throw damaged('its end records do not follow each other')
    if (!agree(record, end)) throw damaged('its end records say different things')
    return end
  }
  if (record.readUInt16LE(4) !== 0 || record.readUInt16LE(6) !== 0) throw damaged('it is one of several volumes')
  if (record.readUInt16LE(8) !== record.readUInt16LE(10)) throw damaged('entries are elsewhere')
  return {
    entries: record.readUInt16LE(10),
    directoryBytes: record.readUInt32LE(12),
    directoryAt: record.readUInt32LE(16),
    endsAt: tailAt + at,
  }
}

async function readEnd64(readAt: ReadAt, locator: Buffer): Promise<End> {
  if (locator.readUInt32LE(4) !== 0 || locator.readUInt32LE(16) > 1) throw damaged('it is one of several volumes')
  const endsAt = toNumber(locator.readBigUInt64LE(8))
  const record = await readAt(endsAt, end64Bytes)
  if (record.length < end64Bytes || record.readUInt32LE(0) !== 0x06064b50) throw damaged('no end record of zip64')
  if (record.readBigUInt64LE(4) !== BigInt(end64Bytes - 12)) throw damaged('an end record of zip64 of unusual length')
  return {
    entries: toNumber(record.readBigUInt64LE(32)),
    directoryBytes: toNumber(record.readBigUInt64LE(40)),
    directoryAt: toNumber(record.readBigUInt64LE(48)),
    endsAt,
  }
}

/** Some programs read the short numbers even so: each is what the long one is, or says that it does not fit. */
const agree = (record: Buffer, { entries, directoryBytes, directoryAt }: End): boolean =>
  [record.readUInt16LE(8), record.readUInt16LE(10)].every((said) => said === 0xffff || said === entries) &&
  [full, directoryBytes].includes(record.readUInt32LE(12)) &&
  [full, directoryAt].includes(record.readUInt32LE(16))

function toNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`a number of ${value}`)
  return Number(value)
}

function readEntries(directory: Buffer, { entries, directoryAt }: End): ZipEntry[] {
  const found: ZipEntry[] = []
  let at = 0
  while (at < directory.length) {
    if (directory.length - at < 46 || directory.readUInt32LE(at) !== 0x02014b50)
      throw damaged('no entry where one is due')
    const [nameBytes, extraBytes] = [directory.readUInt16LE(at + 28), directory.readUInt16LE(at + 30)]
    const next = at + 46 + nameBytes + extraBytes + directory.readUInt16LE(at + 32)
    if (next > directory.length) throw damaged('an entry reaches beyond the directory')
    found.push(readEntry(directory.subarray(at, next), nameBytes, extraBytes, directoryAt))
    if (found.length > entries) throw damaged('more entries than said')
    at = next
  }
  if (found.length !== entries) throw damaged('fewer entries than said')
  return found
}

function readEntry(record: Buffer, nameBytes: number, extraBytes: number, directoryAt: number): ZipEntry {
  const name = safeName(record.subarray(46, 46 + nameBytes), (record.readUInt16LE(8) & 0x0800) !== 0)
  const wide = wideNumbers(record.subarray(46 + nameBytes, 46 + nameBytes + extraBytes))
  const take = (short: number): bigint => (short === full ? (wide.shift() ?? BigInt(full)) : BigInt(short))
  const sizeBytes = take(record.readUInt32LE(24))
  const packedBytes = take(record.readUInt32LE(20))
  const startsAt = take(record.readUInt32LE(42))
  if (startsAt + 30n + packedBytes > BigInt(directoryAt)) throw damaged('an entry lies outside')
  return { name, sizeBytes, isFolder: name.endsWith('/') }
}

/** The 64-bit numbers that stand for those that did not fit. */
function wideNumbers(extra: Buffer): bigint[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2)
    const field = extra.subarray(at + 4, at + 4 + length)
    if (extra.readUInt16LE(at) === 1) {
      return Array.from({ length: Math.min(3, field.length >> 3) }, (_, index) => field.readBigUInt64LE(index * 8))
    }
    at += 4 + length
  }
  return []
}

/** Names that climb out of the folder they are unpacked into are an attack, not a name. */
function safeName(bytes: Buffer, isUtf8: boolean): string {
  const name = bytes.toString(isUtf8 || !bytes.some((byte) => byte > 127) ? 'utf8' : 'latin1').replaceAll('\\', '/')
  const isClimbing = name.split('/').includes('..') || /^\/|^[a-z]:/i.test(name) || name.includes('\0')
  if (name === '' || isClimbing) throw damaged('an entry whose name climbs out of its folder')
  return name
}
