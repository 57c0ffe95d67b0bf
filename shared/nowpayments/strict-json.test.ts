import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { jsDocText, jsText, lexemeText } from './canonical-json.ts'
import { parseStrictObject } from './strict-json.ts'

const key = fc.oneof(fc.string(), fc.nat().map(String), fc.string({ unit: 'binary' }), fc.constant('4294967295'))
const { value } = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  ),
  value: fc.oneof({ maxDepth: 4 }, tie('leaf'), fc.array(tie('value')), fc.dictionary(key, tie('value'))),
}))
const object = fc.dictionary(key, value).filter((body) => !JSON.stringify(body).includes('"__proto__"'))

function sorted(node: unknown, arraysToo: boolean): unknown {
  if (Array.isArray(node) && !arraysToo) return node.map((item) => sorted(item, arraysToo))
  if (typeof node !== 'object' || node === null) return node
  const source = node as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(source)
      .sort()
      .map((name) => [name, sorted(source[name], arraysToo)]),
  )
}

test('the sorted forms are what JavaScript itself would print', () => {
  fc.assert(
    fc.property(object, (body) => {
      const tree = parseStrictObject(JSON.stringify(body))
      assert.equal(jsText(tree), JSON.stringify(sorted(body, false)))
      assert.equal(jsDocText(tree), JSON.stringify(sorted(body, true)))
      assert.equal(lexemeText(tree), jsText(tree))
    }),
  )
})

test('the strict parser accepts what JSON.parse accepts, when nothing is repeated', () => {
  fc.assert(
    fc.property(object, fc.nat({ max: 3 }), (body, indent) => {
      const text = JSON.stringify(body, null, indent)
      assert.deepEqual(JSON.parse(jsText(parseStrictObject(text))), JSON.parse(text))
    }),
  )
})

test('the strict parser never accepts what JSON.parse refuses', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"a"',
    '"b"',
    ':',
    ',',
    '1',
    '-',
    '.',
    'e',
    '0',
    'null',
    ' ',
    '\\',
    '"',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join('')
      let accepted = true
      try {
        parseStrictObject(text)
      } catch {
        accepted = false
      }
      if (accepted) assert.doesNotThrow(() => JSON.parse(text) as unknown, text)
    }),
    { numRuns: 2000 },
  )
})
