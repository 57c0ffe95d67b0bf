import { sha256 } from '@noble/hashes/sha2'
import bs58 from 'bs58'
import { bytesOf, readBech32 } from './bech32.ts'

export type BitcoinReading = 'address' | 'checksum' | 'other network' | 'not an address'

/** The first byte of a base58 address: to a key, and to a script. */
const versions = [0x00, 0x05]
const testVersions = [0x6f, 0xc4]

/** Whether a text is an address of Bitcoin that can be paid: base58 with its checksum, bech32 or bech32m. */
export function readBitcoinAddress(text: string): BitcoinReading {
  if (/^(?:bc|tb|bcrt)1/i.test(text)) return readSegwit(text)
  if (!/^[1-9A-HJ-NP-Za-km-z]{25,35}$/.test(text)) return 'not an address'
  const bytes = bs58.decode(text)
  if (bytes.length !== 25) return 'not an address'
  const checksum = sha256(sha256(bytes.slice(0, 21))).slice(0, 4)
  if (!checksum.every((byte, index) => byte === bytes[21 + index])) return 'checksum'
  if (versions.includes(bytes[0] ?? -1)) return 'address'
  return testVersions.includes(bytes[0] ?? -1) ? 'other network' : 'not an address'
}

/** Version 0 has the old checksum and a size of two; every later one has the new checksum. */
function readSegwit(text: string): BitcoinReading {
  const read = readBech32(text)
  if (read === undefined) return 'checksum'
  if (read.prefix !== 'bc') return 'other network'
  const [version = 17, ...words] = read.words
  const program = bytesOf(words)
  if (program === undefined || version > 16 || program.length < 2 || program.length > 40) return 'not an address'
  if (read.encoding !== (version === 0 ? 'bech32' : 'bech32m')) return 'checksum'
  return version > 0 || program.length === 20 || program.length === 32 ? 'address' : 'not an address'
}
