import { createHash } from 'node:crypto'
import bs58 from 'bs58'

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest()

/** Version, payload and the first four bytes of their double SHA-256. */
export function base58check(version: number, payload: Uint8Array): string {
  const body = Buffer.concat([Buffer.from([version]), payload])
  return bs58.encode(Buffer.concat([body, sha256(sha256(body)).subarray(0, 4)]))
}

const bitcoinAlphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const rippleAlphabet = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz'

/** The same digits in Ripple's own alphabet. */
export const inRippleAlphabet = (base58: string): string =>
  Array.from(base58, (character) => rippleAlphabet.charAt(bitcoinAlphabet.indexOf(character))).join('')

const bech32Alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** A version 0 witness program as BIP-173 writes it. */
export function segwitAddress(prefix: string, program: Uint8Array): string {
  const data = [0, ...inGroupsOfFive(program)]
  const checksum = polymod([...expanded(prefix), ...data, 0, 0, 0, 0, 0, 0]) ^ 1
  const tail = [25, 20, 15, 10, 5, 0].map((shift) => (checksum >>> shift) & 31)
  return `${prefix}1${[...data, ...tail].map((value) => bech32Alphabet.charAt(value)).join('')}`
}

const expanded = (prefix: string): number[] => {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0))
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
}

function polymod(values: readonly number[]): number {
  return values.reduce((sum, value) => {
    const top = sum >>> 25
    const shifted = ((sum & 0x1ffffff) << 5) ^ value
    return generators.reduce((next, generator, bit) => ((top >>> bit) & 1 ? next ^ generator : next), shifted)
  }, 1)
}

function inGroupsOfFive(bytes: Uint8Array): number[] {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((group) => Number.parseInt(group.padEnd(5, '0'), 2))
}

/** Tag, workchain and hash with their CRC-16, in URL-safe base64, as TON wallets show it. */
export function tonAddress(hash: Uint8Array): string {
  const body = Buffer.concat([Buffer.from([0x51, 0]), hash])
  const checksum = crc16(body)
  return Buffer.concat([body, Buffer.from([checksum >> 8, checksum & 0xff])]).toString('base64url')
}

function crc16(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) {
    sum ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x8000 ? ((sum << 1) ^ 0x1021) & 0xffff : sum << 1
  }
  return sum
}
