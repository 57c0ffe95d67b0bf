import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeFrom } from './public-code.ts'
import { firstShopName, readBio, readShopName } from './shop-profile.ts'

const code = codeFrom(Buffer.from('abcdefgh'))

test('a new shop is called after its seller, and after its code when they have no name to show', () => {
  assert.equal(firstShopName('  Ada   Lovelace ', 'ada_l', code), 'Ada Lovelace')
  assert.equal(firstShopName('A', 'ada_l', code), 'ada_l')
  assert.equal(firstShopName('\u200b\u202e', 'ada_l', code), 'ada_l')
  assert.equal(firstShopName('x'.repeat(51), null, code), `Seller ${code}`)
  assert.equal(firstShopName('', null, code), `Seller ${code}`)
})

test('a shop name has 2 to 50 characters and a presentation at most 500, and neither is ever cut', () => {
  assert.deepEqual(readShopName('🦊'.repeat(50)), { kind: 'text', text: '🦊'.repeat(50) })
  assert.deepEqual(readShopName('🦊'.repeat(51)), { kind: 'refused', fault: { kind: 'too long', length: 51 } })
  assert.deepEqual(readBio(''), { kind: 'text', text: '' })
  assert.deepEqual(readBio('b'.repeat(10_000)), { kind: 'refused', fault: { kind: 'too long', length: 10_000 } })
})
