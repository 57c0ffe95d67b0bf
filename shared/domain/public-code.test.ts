import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { codeFrom, orderCodeLength, productCodeLength, readCode, readDeepLink } from './public-code.ts'

test('a code has none of the letters that look like digits', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), (random) => {
      const code = codeFrom(random)
      assert.match(code, /^[0-9A-HJKMNP-TV-Z]{10}$/)
      assert.equal(readCode(code.toLowerCase(), orderCodeLength), code)
    }),
  )
})

test('a link to a product, a shop or an order is read in any case', () => {
  assert.deepEqual(readDeepLink('p_abcd2345'), { kind: 'product', code: 'ABCD2345' })
  assert.deepEqual(readDeepLink('s_ABCD2345'), { kind: 'shop', code: 'ABCD2345' })
  assert.deepEqual(readDeepLink('o_ABCDE12345'), { kind: 'order', code: 'ABCDE12345' })
  assert.deepEqual(readDeepLink(''), { kind: 'home' })
})

test('a link with anything else in it leads nowhere', () => {
  const links = [
    'p_',
    'p_ABCD234',
    'p_ABCDI234',
    'q_ABCD2345',
    'o_ABCD2345',
    'p_ABCD2345 ',
    "p_' or 1=1",
    '__proto___x',
  ]
  for (const link of links) assert.deepEqual(readDeepLink(link), { kind: 'nowhere' }, link)
  fc.assert(fc.property(fc.string(), (text) => void readDeepLink(text)))
})

test('a code of the wrong length is no code', () => {
  assert.equal(readCode('ABCD23456', productCodeLength), undefined)
})
