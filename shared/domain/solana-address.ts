import bs58 from 'bs58'
import { type Branded } from './brand.ts'
import { coinFacts } from './coin.ts'
import { isOnCurve } from './ed25519-point.ts'

/** Base58 of exactly 32 bytes that nobody but their owner can spend from. */
export type SolanaAddress = Branded<string, 'SolanaAddress'>

/** What is wrong with what a person gave as their address. */
export type AddressFault =
  | { readonly kind: 'empty' | 'several words' | 'secret' | 'ethereum' | 'bitcoin' | 'tron' | 'program' }
  /** A sign that base58 leaves out because it looks like another, or any other sign. */
  | { readonly kind: 'look-alike' | 'sign'; readonly sign: string }
  | { readonly kind: 'wrong size'; readonly bytes: number }
  | { readonly kind: 'too long'; readonly length: number }

export type AddressReading =
  | {
      readonly kind: 'address'
      readonly address: SolanaAddress
      /** False: no ordinary wallet has it. */ readonly isOnCurve: boolean
    }
  | { readonly kind: 'refused'; readonly fault: AddressFault }

/** Programs and tokens: money sent there is lost. */
const programs = new Set([
  '11111111111111111111111111111111',
  'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
  'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb',
  'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL',
  'So11111111111111111111111111111111111111112',
  'Stake11111111111111111111111111111111111111',
  'Vote111111111111111111111111111111111111111',
  'ComputeBudget111111111111111111111111111111',
  'BPFLoaderUpgradeab1e11111111111111111111111',
  '1nc1nerator11111111111111111111111111111111',
  ...Object.values(coinFacts).flatMap(({ mint }) => (mint === undefined ? [] : [mint])),
])

const longest = 128
const margins =
  /^[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+$/gu
const seedPhrase = /^(?:\p{Ll}+\s+){11,23}\p{Ll}+$/u

const refused = (fault: AddressFault): AddressReading => ({ kind: 'refused', fault })

/** Reads an address as people paste it: with spaces around, or as the text of a QR code (`solana:ADDRESS?amount=…`). */
export function readSolanaAddress(given: string): AddressReading {
  const text = given.replace(margins, '')
  const address = /^solana:([^?]*)(?:\?.*)?$/isu.exec(text)?.[1] ?? text
  const fault = faultOfText(address)
  if (fault !== undefined) return refused(fault)
  const bytes = bs58.decode(address)
  if (bytes.length !== 32) return refused(faultOfBytes(bytes))
  if (programs.has(address)) return refused({ kind: 'program' })
  return { kind: 'address', address: address as SolanaAddress, isOnCurve: isOnCurve(bytes) }
}

function faultOfText(text: string): AddressFault | undefined {
  if (text === '') return { kind: 'empty' }
  if (seedPhrase.test(text)) return { kind: 'secret' }
  if (/\s/u.test(text)) return { kind: 'several words' }
  if (/^0x[0-9a-f]{40}$/i.test(text)) return { kind: 'ethereum' }
  if (/^(?:bc|tb)1[0-9a-z]{11,87}$/i.test(text)) return { kind: 'bitcoin' }
  if (text.length > longest) return { kind: 'too long', length: Array.from(text).length }
  const [sign] = /[^1-9A-HJ-NP-Za-km-z]/u.exec(text) ?? []
  if (sign === undefined) return undefined
  return { kind: /[0OIl]/.test(sign) ? 'look-alike' : 'sign', sign }
}

/** Addresses of other networks have 25 bytes, of which the first names the network; 64 are a secret key. */
function faultOfBytes(bytes: Uint8Array): AddressFault {
  if (bytes.length === 64) return { kind: 'secret' }
  if (bytes.length === 25 && bytes[0] === 0x41) return { kind: 'tron' }
  if (bytes.length === 25 && (bytes[0] === 0x00 || bytes[0] === 0x05)) return { kind: 'bitcoin' }
  return { kind: 'wrong size', bytes: bytes.length }
}
