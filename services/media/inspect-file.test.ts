import assert from 'node:assert/strict'
import { test } from 'node:test'
import { strToU8, zipSync } from 'fflate'
import { type ObjectStore } from '../../shared/storage/object-store.ts'
import { inspectFile, type Inspected } from './inspect-file.ts'

type Reads = Pick<ObjectStore, 'readRange'> & { read: number }

/** A bucket that holds one object, and knows how much of it was read. */
function holding(bytes: Buffer): Reads {
  const bucket: Reads = {
    read: 0,
    readRange: (_key, { firstByte, lengthBytes }) => {
      const piece = bytes.subarray(firstByte, firstByte + lengthBytes)
      bucket.read += piece.length
      return Promise.resolve(piece)
    },
  }
  return bucket
}

const inspect = (fileName: string, bytes: Uint8Array): Promise<Inspected> =>
  inspectFile(holding(Buffer.from(bytes)), { objectKey: 'o', fileName, sizeBytes: BigInt(bytes.length) })

const verdict = async (fileName: string, bytes: Uint8Array): Promise<string> => {
  const inspected = await inspect(fileName, bytes)
  if (inspected.kind === 'refused') return inspected.reason
  return inspected.hasExecutables ? 'warned' : 'fine'
}

const hex = (text: string, length = 600): Buffer =>
  Buffer.concat([Buffer.from(text.replaceAll(' ', ''), 'hex'), Buffer.alloc(length)])
const starting = (text: string, length = 600): Buffer => hex(Buffer.from(text, 'latin1').toString('hex'), length)
const at = (offset: number, text: string, length = 600): Buffer => {
  const bytes = Buffer.alloc(offset + text.length + length)
  bytes.write(text, offset, 'latin1')
  return bytes
}

const stored = (members: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(members).map(([name, text]) => [name, [strToU8(text), { level: 0 }]])))

const windowsProgram = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(600)])
const openOf = (kind: string) =>
  stored({ mimetype: `application/vnd.oasis.opendocument.${kind}`, 'content.xml': '<x/>', 'META-INF/manifest.xml': '' })
const officeOf = (folder: string) => stored({ '[Content_Types].xml': '<Types/>', [`${folder}/main.xml`]: '<x/>' })

const honest: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ['a.pdf', starting('%PDF-1.7\n')],
  ['a.epub', stored({ mimetype: 'application/epub+zip', 'META-INF/container.xml': '<x/>' })],
  ['a.mobi', at(60, 'BOOKMOBI')],
  ['a.doc', hex('d0cf11e0a1b11ae1')],
  ['a.docx', officeOf('word')],
  ['a.xlsx', officeOf('xl')],
  ['a.pptx', officeOf('ppt')],
  ['a.odt', openOf('text')],
  ['a.ods', openOf('spreadsheet')],
  ['a.mp4', hex('00000018 66747970 69736f6d')],
  ['a.mov', hex('00000014 6d6f6f76')],
  ['a.mkv', hex('1a45dfa3')],
  ['a.mp3', hex('fffb9064')],
  ['b.mp3', starting('ID3\x04')],
  ['a.wav', starting('RIFF\x24\x00\x00\x00WAVEfmt ')],
  ['a.flac', starting('fLaC')],
  ['a.jpg', hex('ffd8ffe0')],
  ['a.webp', starting('RIFF\x24\x00\x00\x00WEBPVP8 ')],
  ['a.heic', hex('00000018 66747970 68656963')],
  ['a.svg', Buffer.from('<?xml version="1.0"?>\n<svg xmlns="x"/>')],
  ['a.zip', stored({ 'a.txt': 'x' })],
  ['a.7z', hex('377abcaf271c')],
  ['a.rar', starting('Rar!\x1a\x07\x01\x00')],
  ['a.xz', hex('fd377a585a00')],
  ['a.psd', starting('8BPS\x00\x01')],
  ['a.ai', starting('%PDF-1.5\n')],
  ['a.ttf', hex('0001000000')],
  ['a.woff2', starting('wOF2')],
  ['a.py', Buffer.from('#!/usr/bin/env python\nprint("é")\n')],
  ['a.csv', Buffer.from('\ufeffnom;prix\r\n', 'utf16le')],
  ['a.txt', Buffer.from('MZ is how this note begins')],
  ['a.kmz', stored({ 'doc.kml': '<kml/>' })],
  ['empty.md', Buffer.from('#')],
]

for (const [name, bytes] of honest) {
  test(`an honest ${name} is taken for what it is`, async () => {
    assert.equal(await verdict(name, bytes), 'fine')
  })
}

const dishonest: readonly (readonly [what: string, name: string, bytes: Uint8Array, reason: string])[] = [
  ['a picture called a document', 'a.pdf', hex('ffd8ffe0'), 'other content'],
  ['a document called a picture', 'a.png', starting('%PDF-1.7\n'), 'other content'],
  ['a web page called a picture', 'a.jpg', Buffer.from('<html>'), 'other content'],
  ['bytes called a text', 'a.txt', hex('414200'), 'other content'],
  ['bytes marked as UTF-16', 'a.csv', hex('fffe4100'), 'other content'],
  ['an archive called a word document', 'a.docx', stored({ 'a.txt': 'x' }), 'other content'],
  ['a spreadsheet called a word document', 'a.docx', officeOf('xl'), 'other content'],
  ['an open text called a spreadsheet', 'a.ods', openOf('text'), 'other content'],
  ['an archive called a book', 'a.epub', stored({ 'a.txt': 'x' }), 'other content'],
  ['a Windows program called a document', 'a.pdf', windowsProgram, 'executable'],
  ['a Windows program called a text', 'a.txt', windowsProgram, 'executable'],
  ['an ELF program called an archive', 'a.zip', hex('7f454c46'), 'executable'],
  ['a Mach-O program called a font', 'a.ttf', hex('cffaedfe'), 'executable'],
  ['a Java class called code', 'a.java', hex('cafebabe'), 'executable'],
  ['an Android program called bytes', 'a.psd', starting('dex\n035\0'), 'executable'],
  ['a disk image by its last bytes', 'a.pdf', Buffer.concat([starting('%PDF-1.7'), at(0, 'koly', 508)]), 'executable'],
  ['a disk image by its volume', 'a.mpg', at(32_769, 'CD001'), 'executable'],
  ['a Debian package', 'a.tar', starting('!<arch>\ndebian-binary'), 'executable'],
  ['an APK called an archive', 'a.zip', stored({ 'AndroidManifest.xml': 'x', 'classes.dex': 'x' }), 'executable'],
  ['a JAR called an archive', 'a.zip', stored({ 'META-INF/MANIFEST.MF': 'x', 'a/B.class': 'x' }), 'executable'],
  ['a JAR called a drawing', 'a.sketch', stored({ 'META-INF/MANIFEST.MF': 'x', 'B.class': 'x' }), 'executable'],
]

for (const [what, name, bytes, reason] of dishonest) {
  test(`${what} (${name}) is refused: ${reason}`, async () => {
    assert.equal(await verdict(name, bytes), reason)
  })
}

test('a Windows installer called an old word document is known by the class of its root', async () => {
  const bytes = hex('d0cf11e0a1b11ae1', 8_192)
  bytes.writeUInt16LE(9, 30)
  bytes.writeUInt32LE(3, 48)
  assert.equal(await verdict('a.doc', bytes), 'fine')
  Buffer.from('84100c0000000000c000000000000046', 'hex').copy(bytes, 4 * 512 + 80)
  assert.equal(await verdict('a.doc', bytes), 'executable')
})

test('programs inside an archive are warned about, whatever the case of their names; folders are not', async () => {
  assert.equal(await verdict('a.zip', stored({ 'tools/Setup.EXE': 'x', 'readme.txt': 'x' })), 'warned')
  assert.equal(await verdict('a.zip', stored({ 'My.app/Contents/MacOS/My': 'x' })), 'warned')
  assert.equal(await verdict('a.zip', stored({ 'example.com/': '', 'example.com/index.html': 'x' })), 'fine')
  assert.equal(await verdict('a.xlsx', stored({ '[Content_Types].xml': '', 'xl/printer.bin': 'x' })), 'fine')
})

/** The same archive with a number of its directory or its end changed. */
function altered(bytes: Uint8Array, change: (zip: Buffer, end: number, directory: number) => void): Buffer {
  const zip = Buffer.from(bytes)
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  change(zip, end, zip.readUInt32LE(end + 16))
  return zip
}

const two = stored({ 'a.txt': 'first', 'b.txt': 'second' })

const broken: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['without its end', Buffer.from(two).subarray(0, 60)],
  ['with something behind its end', Buffer.concat([two, Buffer.from('x')])],
  ['pushed back by something before it', Buffer.concat([Buffer.from(two).subarray(0, 4), two])],
  ['whose directory is said to be elsewhere', altered(two, (zip, end) => zip.writeUInt32LE(3, end + 16))],
  ['whose directory is said to be shorter', altered(two, (zip, end) => zip.writeUInt32LE(20, end + 12))],
  ['that says it has more entries', altered(two, (zip, end) => zip.writeUInt16LE(3, end + 10))],
  ['that says it has fewer entries', altered(two, (zip, end) => zip.writeUInt32LE(0x10001, end + 8))],
  ['of several volumes', altered(two, (zip, end) => zip.writeUInt16LE(1, end + 4))],
  ['with an entry outside', altered(two, (zip, _end, directory) => zip.writeUInt32LE(1_000_000, directory + 20))],
  ['whose entry reaches beyond', altered(two, (zip, _end, directory) => zip.writeUInt16LE(60_000, directory + 30))],
  ['that climbs out of its folder', Buffer.from(stored({ 'a/../../etc/passwd': 'x' }))],
  ['that climbs out with backslashes', Buffer.from(stored({ '..\\evil.txt': 'x' }))],
  ['with an absolute name', Buffer.from(stored({ '/etc/passwd': 'x' }))],
  [
    'with 10,001 entries',
    Buffer.from(stored(Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`${i}`, ''])))),
  ],
]

for (const [what, bytes] of broken) {
  test(`an archive ${what} is refused as damaged`, async () => {
    assert.equal(await verdict('a.zip', bytes), 'damaged archive')
  })
}

test('an archive that declares more than a hundred times its size, and more than 10 GB, is refused', async () => {
  const declaring = (bytes: number) =>
    altered(stored({ 'a.txt': 'x', 'b.txt': 'x', 'c.txt': 'x' }), (zip, _end, directory) => {
      for (let entry = 0; entry < 3; entry += 1) zip.writeUInt32LE(bytes, directory + entry * 51 + 24)
    })
  assert.equal(await verdict('a.zip', declaring(0xffff_fffe)), 'archive bomb')
  assert.equal(await verdict('a.zip', declaring(0xcccc_0000)), 'fine')
})

test('a zip64 directory is read, and its lies are noticed', async () => {
  const zip64 = (size: bigint, entriesSaid = 1n): Buffer => {
    const local = Buffer.from(stored({ 'a.txt': 'x' }))
    const directoryAt = local.readUInt32LE(local.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16)
    const entry = Buffer.from(local.subarray(directoryAt, directoryAt + 51))
    entry.writeUInt32LE(0xffff_ffff, 24)
    entry.writeUInt16LE(12, 30)
    const extra = Buffer.alloc(12)
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(8, 2)
    extra.writeBigUInt64LE(size, 4)
    const end = Buffer.alloc(56 + 20 + 22)
    end.write('PK\x06\x06', 0, 'latin1')
    end.writeBigUInt64LE(44n, 4)
    end.writeBigUInt64LE(entriesSaid, 24)
    end.writeBigUInt64LE(entriesSaid, 32)
    end.writeBigUInt64LE(63n, 40)
    end.writeBigUInt64LE(BigInt(directoryAt), 48)
    end.write('PK\x06\x07', 56, 'latin1')
    end.writeBigUInt64LE(BigInt(directoryAt + 63), 64)
    end.writeUInt32LE(1, 72)
    end.write('PK\x05\x06', 76, 'latin1')
    end.fill(0xff, 80, 96)
    end.fill(0, 80, 84)
    return Buffer.concat([local.subarray(0, directoryAt), entry, extra, end])
  }
  const inspected = await inspect('a.zip', zip64(77n))
  assert.deepEqual(inspected.kind === 'fine' && inspected.entries, [{ name: 'a.txt', sizeBytes: 77n, isFolder: false }])
  assert.equal(await verdict('a.zip', zip64(2n ** 60n)), 'archive bomb')
  assert.equal(await verdict('a.zip', zip64(1n, 2n ** 62n)), 'damaged archive')
  assert.equal(await verdict('a.zip', zip64(1n, 10_001n)), 'damaged archive')
  const ending = (change: (zip: Buffer, end: number) => void) => verdict('a.zip', altered(zip64(77n), change))
  const same = ending((zip, end) => zip.writeUInt32LE(63, end + 12))
  assert.equal(await same, 'fine', 'a number that fits may be said twice')
  for (const field of [8, 10, 12, 16]) {
    const other = ending((zip, end) => zip.writeUInt16LE(7, end + field))
    assert.equal(await other, 'damaged archive', `another number at ${field}: programs disagree on what it holds`)
  }
  const longer = ending((zip, end) => zip.writeBigUInt64LE(45n, end - 76 + 4))
  assert.equal(await longer, 'damaged archive', 'some look for the record right before its locator')
})

test('an encrypted archive is taken: its directory can be read', async () => {
  const locked = altered(two, (zip, _end, directory) => zip.writeUInt16LE(1, directory + 8))
  assert.equal(await verdict('a.zip', locked), 'fine')
})

test('of a large file only its ends are read', async () => {
  const film = hex('00000018 66747970 69736f6d', 30_000_000)
  const bucket = holding(film)
  await inspectFile(bucket, { objectKey: 'o', fileName: 'a.mp4', sizeBytes: BigInt(film.length) })
  assert.ok(bucket.read < 70_000, String(bucket.read))
})

test('an office document that opens with a password is refused for that reason', async () => {
  const bytes = hex('d0cf11e0a1b11ae1', 8_192)
  bytes.writeUInt16LE(9, 30)
  bytes.writeUInt32LE(1, 48)
  for (const name of ['a.docx', 'a.xlsx', 'a.pptx']) assert.equal(await verdict(name, bytes), 'other content')
  bytes.write('EncryptedPackage', 1_024 + 5 * 128, 'utf16le')
  for (const name of ['a.docx', 'a.xlsx', 'a.pptx']) assert.equal(await verdict(name, bytes), 'protected document')
  assert.equal(await verdict('a.pdf', bytes), 'other content')
})
