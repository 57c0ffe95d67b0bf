import { generateKeyPairSync, randomBytes } from 'node:crypto'
import bs58 from 'bs58'
import { type AddressKind } from './coins.ts'
import { base58check, inRippleAlphabet, segwitAddress, tonAddress } from './encodings.ts'

const makers: Record<AddressKind, () => string> = {
  bitcoin: () => segwitAddress('bc', randomBytes(20)),
  litecoin: () => segwitAddress('ltc', randomBytes(20)),
  dogecoin: () => base58check(0x1e, randomBytes(20)),
  ethereum: () => `0x${randomBytes(20).toString('hex')}`,
  solana: () => bs58.encode(ed25519PublicKey()),
  tron: () => base58check(0x41, randomBytes(20)),
  ripple: () => inRippleAlphabet(base58check(0, randomBytes(20))),
  ton: () => tonAddress(randomBytes(32)),
}

const shapes: Record<AddressKind, RegExp> = {
  bitcoin: /^(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[a-z0-9]{25,90})$/,
  litecoin: /^(?:[LM3][1-9A-HJ-NP-Za-km-z]{25,34}|ltc1[a-z0-9]{25,90})$/,
  dogecoin: /^D[1-9A-HJ-NP-Za-km-z]{25,34}$/,
  ethereum: /^0x[0-9a-fA-F]{40}$/,
  solana: /^[1-9A-HJ-NP-Za-km-z]{32,44}$/,
  tron: /^T[1-9A-HJ-NP-Za-km-z]{33}$/,
  ripple: /^r[1-9A-HJ-NP-Za-km-z]{24,34}$/,
  ton: /^[EU]Q[A-Za-z0-9_-]{46}$/,
}

/** A fresh address that any wallet accepts. Nobody holds its key. */
export const newAddress = (kind: AddressKind): string => makers[kind]()

export const looksLikeAddress = (address: string, kind: AddressKind): boolean => shapes[kind].test(address)

export const walletPattern = (kind: AddressKind): string => shapes[kind].source

/** The hash of a transaction that never was. */
export const newTransactionHash = (): string => randomBytes(32).toString('hex')

// A Solana wallet is a point on the curve; random bytes would be one only half of the time.
const ed25519PublicKey = (): Buffer =>
  generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
