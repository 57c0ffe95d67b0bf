import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CategoryId } from '../../shared/domain/ids.ts'
import { codeFrom } from '../../shared/domain/public-code.ts'
import { actions, buttonData, readButton } from './buttons.ts'
import { type List } from './storefront/place.ts'

const codes = fc.uint8Array({ minLength: 8, maxLength: 8 }).map(codeFrom)
const plain = { noNullPrototype: true }
const lists: fc.Arbitrary<List> = fc.oneof(
  fc.record({ kind: fc.constant('category' as const), category: fc.uuid().map((id) => id as CategoryId) }, plain),
  fc.record({ kind: fc.constant('shop' as const), shop: codes }, plain),
  fc.constantFrom<List>({ kind: 'search' }, { kind: 'none' }),
)
const places = fc.record({ product: codes, list: lists, position: fc.nat({ max: 9_999_999 }) }, plain)

test('a button brings back exactly what it was made of, in at most 64 bytes', () => {
  fc.assert(
    fc.property(places, (place) => {
      const data = buttonData('browse', place)
      assert.ok(Buffer.byteLength(data) <= 64)
      assert.deepEqual(readButton(data), { action: 'browse', args: place })
    }),
  )
})

test('whatever else is sent as a button is no button', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 80, unit: 'binary' }), (data) => {
      const press = readButton(data)
      assert.ok(press === undefined || actions.includes(press.action))
    }),
  )
  for (const data of ['', ':', 'toString', '__proto__', 'home:', 'home:1', 'browse', 'buy:AAAAAAAA:q', 'language:de']) {
    assert.equal(readButton(data), undefined, data)
  }
})

test('a forged position, code or id is refused before anything looks at it', () => {
  for (const data of [
    'browse:AAAAAAAA:q:-1',
    'browse:AAAAAAAI:q:1',
    'browse:AAAAAAAA:cAAAA:1',
    'browse:AAAAAAAA:q:1e3',
  ]) {
    assert.equal(readButton(data), undefined, data)
  }
})

test('an id that is not a uuid never becomes a button', () => {
  assert.throws(() => buttonData('list', { list: { kind: 'category', category: 'x' as CategoryId } }), /uuid/)
})
