import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import bs58 from 'bs58'
import { readSolanaAddress } from './solana-address.ts'

const wallet = 'mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN'

const faultOf = (text: string) => {
  const read = readSolanaAddress(text)
  if (read.kind !== 'refused') throw new Error(`Expected a refusal of ${text}`)
  return read.fault
}

test('takes the address of a wallet, with spaces around it or as a QR code holds it', () => {
  for (const text of [
    wallet,
    `  ${wallet}\n`,
    `\u200e${wallet}\u200b`,
    `solana:${wallet}`,
    `SOLANA:${wallet}?amount=1&label=a%20shop`,
  ]) {
    assert.deepEqual(readSolanaAddress(text), { kind: 'address', address: wallet, isOnCurve: true })
  }
})

test('knows every key that a wallet could have for an ordinary one', () => {
  for (let count = 0; count < 50; count++) {
    const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
    const read = readSolanaAddress(bs58.encode(Buffer.from(x, 'base64url')))
    assert.ok(read.kind === 'address' && read.isOnCurve)
  }
})

test('knows addresses that programs own from those of wallets', () => {
  // addresses derived by programs: an associated token account, the Raydium authority, the Serum vault of a market
  for (const derived of [
    '5Q544fKrFoe6tsEbD7S8EmxGTJYAKtTVhAW5Q5pge4j1',
    'GThUX1Atko4tqhN2NaiTazWSeFWMuiUvfFnyJyUghFMJ',
  ]) {
    const read = readSolanaAddress(derived)
    assert.ok(read.kind === 'address' && !read.isOnCurve, derived)
  }
  const halves = Array.from({ length: 200 }, (_, index) =>
    readSolanaAddress(bs58.encode(Uint8Array.from({ length: 32 }, (__, at) => (index * 7 + at * 13) % 251))),
  )
  const onCurve = halves.filter((read) => read.kind === 'address' && read.isOnCurve).length
  assert.ok(onCurve > 60 && onCurve < 140, `about half of all numbers are points, got ${onCurve} of 200`)
})

test('refuses programs and tokens, where money would be lost', () => {
  for (const address of [
    '11111111111111111111111111111111',
    'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
    'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb',
    'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL',
    'So11111111111111111111111111111111111111112',
    'Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB',
    'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
  ]) {
    assert.deepEqual(faultOf(address), { kind: 'program' })
  }
})

test('says what is wrong with an address: its size, its signs, or its network', () => {
  for (const bytes of [24, 31, 33]) {
    assert.deepEqual(faultOf(bs58.encode(new Uint8Array(bytes).fill(7))), { kind: 'wrong size', bytes })
  }
  for (const sign of ['0', 'O', 'I', 'l'])
    assert.deepEqual(faultOf(`${wallet.slice(1)}${sign}`), { kind: 'look-alike', sign })
  assert.deepEqual(faultOf(`${wallet.slice(1)}é`), { kind: 'sign', sign: 'é' })
  assert.deepEqual(faultOf(`${wallet.slice(1)}🦊`), { kind: 'sign', sign: '🦊' })
  assert.equal(faultOf('0x52908400098527886E0F7030069857D2E4169EE7').kind, 'ethereum')
  assert.equal(faultOf('bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq').kind, 'bitcoin')
  assert.equal(faultOf('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa').kind, 'bitcoin')
  assert.equal(faultOf('TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t').kind, 'tron')
  assert.equal(faultOf('').kind, 'empty')
  assert.equal(faultOf('solana:').kind, 'empty')
  assert.equal(faultOf(`${wallet} ${wallet}`).kind, 'several words')
  assert.deepEqual(faultOf('1'.repeat(10_000)), { kind: 'too long', length: 10_000 })
})

test('warns whoever sends the secret of their wallet instead of its address', () => {
  assert.equal(faultOf(bs58.encode(new Uint8Array(64).fill(9))).kind, 'secret')
  assert.equal(faultOf('legal winner thank year wave sausage worth useful legal winner thank yellow').kind, 'secret')
})
