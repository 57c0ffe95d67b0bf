import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import bs58 from 'bs58'
import { looksLikeAddress, newAddress } from './addresses.ts'
import { coins } from './coins.ts'
import { base58check, inRippleAlphabet, segwitAddress, tonAddress } from './encodings.ts'

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest()

test('every coin gets a new address of its own shape', () => {
  for (const { code, addressKind } of coins) {
    const addresses = [newAddress(addressKind), newAddress(addressKind)]
    for (const address of addresses) assert.ok(looksLikeAddress(address, addressKind), `${code} ${address}`)
    assert.notEqual(addresses[0], addresses[1])
  }
})

test('a Solana address is a key of 32 bytes', () => {
  assert.equal(bs58.decode(newAddress('solana')).length, 32)
})

test('a bitcoin address is the one the standard gives for its example', () => {
  const program = Buffer.from('751e76e8199196d454941c45d1b3a323f1433bd6', 'hex')
  assert.equal(segwitAddress('bc', program), 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4')
})

test('a Tron address carries its checksum, and the known hash gives the known address', () => {
  const decoded = bs58.decode(newAddress('tron'))
  const [body, checksum] = [decoded.subarray(0, 21), decoded.subarray(21)]
  assert.equal(body[0], 0x41)
  assert.deepEqual(Buffer.from(checksum), sha256(sha256(body)).subarray(0, 4))
  const tether = Buffer.from('a614f803b6fd780986a42c78ec9c7f77e6ded13c', 'hex')
  assert.equal(base58check(0x41, tether), 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t')
})

test('the Ripple and TON addresses everybody knows come out as they are known', () => {
  assert.equal(inRippleAlphabet(base58check(0, Buffer.alloc(20))), 'rrrrrrrrrrrrrrrrrrrrrhoLvTp')
  assert.equal(tonAddress(Buffer.alloc(32)), 'UQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAJKZ')
})
