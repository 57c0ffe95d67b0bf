import { keccak_256 as keccak } from '@noble/hashes/sha3'

export type EthereumReading =
  { readonly kind: 'address'; readonly address: string } | { readonly kind: 'checksum' | 'not an address' }

/**
 * Reads an address of Ethereum and writes it with its checksum (EIP-55). One in a single case has none to be checked; one in
 * both must have it right.
 */
export function readEthereumAddress(text: string): EthereumReading {
  const [, digits] = /^0x([0-9a-f]{40})$/i.exec(text) ?? []
  if (digits === undefined || /^0+$/.test(digits)) return { kind: 'not an address' }
  const address = `0x${withChecksum(digits.toLowerCase())}`
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
  return isMixed && address !== `0x${digits}` ? { kind: 'checksum' } : { kind: 'address', address }
}

function withChecksum(digits: string): string {
  const hash = keccak(new TextEncoder().encode(digits))
  return Array.from(digits, (digit, place) => {
    const half = ((hash[place >> 1] ?? 0) >> (place % 2 === 0 ? 4 : 0)) & 15
    return half >= 8 ? digit.toUpperCase() : digit
  }).join('')
}
