const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const longest = 90
const checksumLength = 6

/** The constant a checksum ends in: that of BIP-173, or that of BIP-350. */
const encodings = new Map([
  [1, 'bech32'],
  [0x2bc830a3, 'bech32m'],
] as const)

export type Bech32 = {
  readonly prefix: string
  readonly encoding: 'bech32' | 'bech32m'
  /** Groups of five bits, without the checksum. */
  readonly words: readonly number[]
}

/** Reads a text of BIP-173 or BIP-350; undefined when it is none, mixes cases, or its checksum is wrong. */
export function readBech32(text: string): Bech32 | undefined {
  const lower = text.toLowerCase()
  if (text.length > longest || (text !== lower && text !== text.toUpperCase())) return undefined
  const separator = lower.lastIndexOf('1')
  const prefix = lower.slice(0, separator)
  const words = Array.from(lower.slice(separator + 1), (sign) => alphabet.indexOf(sign))
  if (!/^[\x21-\x7e]+$/.test(prefix) || words.length < checksumLength || words.includes(-1)) return undefined
  const encoding = encodings.get(checksumOf([...expand(prefix), ...words]) as 1)
  return encoding === undefined ? undefined : { prefix, encoding, words: words.slice(0, -checksumLength) }
}

const expand = (prefix: string): number[] => {
  const codes = Array.from(prefix, (sign) => sign.charCodeAt(0))
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
}

function checksumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => {
    const shifted = ((sum & 0x1ffffff) << 5) ^ value
    return generators.reduce((mixed, one, bit) => (((sum >> 25) >> bit) & 1 ? mixed ^ one : mixed), shifted)
  }, 1)
}

/** Bytes out of groups of five bits; undefined when what is left over is more than padding. */
export function bytesOf(words: readonly number[]): readonly number[] | undefined {
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const word of words) {
    held = ((held << 5) | word) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return bits >= 5 || (held & ((1 << bits) - 1)) !== 0 ? undefined : bytes
}
