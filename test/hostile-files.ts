import { crc32 } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'

const chunk = (type: string, data: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

/** A picture of a few bytes that says it is 50,001 pixels wide and high: 7.5 GB once decoded. */
export function giantPng(side = 50_001): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.from('789c030000000001', 'hex')),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** An archive of a few bytes whose directory declares 12 GB. */
export function zipBomb(): Buffer {
  const stored = { level: 0 } as const
  const names = ['a.txt', 'b.txt', 'c.txt']
  const zip = Buffer.from(zipSync(Object.fromEntries(names.map((name) => [name, [strToU8('x'), stored]]))))
  const directory = zip.readUInt32LE(zip.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16)
  for (const index of names.keys()) zip.writeUInt32LE(0xffff_fffe, directory + index * 51 + 24)
  return zip
}

export const windowsProgram = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(4096)])
export const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
