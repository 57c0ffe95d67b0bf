import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashToken, isSameHash, looksLikeToken, newToken } from './link-token.ts'

test('the key of a page is 256 bits that nobody was given before, and only its hash is kept', () => {
  const tokens = Array.from({ length: 100 }, newToken)
  assert.equal(new Set(tokens).size, 100)
  assert.ok(tokens.every((token) => looksLikeToken(token) && Buffer.from(token, 'base64url').length === 32))
  assert.match(hashToken(tokens[0] ?? ''), /^[0-9a-f]{64}$/)
  assert.ok(isSameHash(hashToken('a'), hashToken('a')))
  assert.ok(!isSameHash(hashToken('a'), hashToken('b')) && !isSameHash('a', 'ab'))
})

test('what does not look like a key is not even looked up', () => {
  for (const text of ['', 'x', `${newToken()}=`, ` ${newToken()}`, `${newToken().slice(1)}/`, `${newToken()}\n`]) {
    assert.equal(looksLikeToken(text), false, JSON.stringify(text))
  }
})
