import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  decimalText,
  inUnits,
  isPositive,
  multiplyDecimals,
  parseDecimal,
  portion,
  ratio,
  readDecimal,
  roundDown,
  roundUp,
  subtractDecimals,
  zero,
} from './decimal.ts'

const anyDecimal: fc.Arbitrary<Decimal> = fc.record({
  digits: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  scale: fc.nat({ max: 20 }),
})
const positive = anyDecimal.filter(isPositive)
const places = fc.nat({ max: 12 })

const assertSame = (left: Decimal, right: Decimal): void => {
  assert.equal(decimalText(left), decimalText(right))
}

test('amounts are shown in one plain spelling, whoever wrote them', () => {
  const spellings: [string, string][] = [
    ['0', '0'],
    ['-0.0', '0'],
    ['0e5', '0'],
    ['007', '7'],
    ['1e-7', '0.0000001'],
    ['1.50E-7', '0.00000015'],
    ['2.0e-6', '0.000002'],
    ['8.3e-05', '0.000083'],
    ['1e+21', '1000000000000000000000'],
    ['0.00000010', '0.0000001'],
    ['25.0', '25'],
    ['-12.340', '-12.34'],
    ['0.09853637216235617', '0.09853637216235617'],
  ]
  for (const [written, plain] of spellings) assert.equal(decimalText(parseDecimal(written)), plain)
})

test('what is not a number is never taken for an amount', () => {
  for (const text of ['', ' 1', '1 ', '.5', '1.', '+1', '1e', '0x10', 'NaN', 'Infinity', 'null', '1,5', '1_000', '١']) {
    assert.equal(readDecimal(text), undefined, text)
  }
  assert.throws(() => parseDecimal('1,5'), /Expected a decimal number, got "1,5"/)
})

test('a monstrous exponent or length is refused instead of filling the memory', () => {
  for (const text of ['1e101', '1e-101', '1e9999', '1e999999999', '9'.repeat(201)]) {
    assert.equal(readDecimal(text), undefined)
  }
})

test('a plain spelling is read back as itself', () => {
  fc.assert(
    fc.property(anyDecimal, (value) => {
      const text = decimalText(value)
      assert.match(text, /^(?:0|-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?)$/)
      assert.equal(compareDecimals(parseDecimal(text), value), 0)
    }),
  )
})

test('every number JavaScript prints is read with its exact digits', () => {
  const printed = fc.double({ min: -1e30, max: 1e30, noNaN: true }).filter((number) => Math.abs(number) > 1e-80)
  fc.assert(
    fc.property(printed, (number) => {
      assert.equal(Number(decimalText(parseDecimal(String(number)))), number)
    }),
  )
})

test('adding and taking away again changes nothing, in any order', () => {
  fc.assert(
    fc.property(anyDecimal, anyDecimal, (a, b) => {
      assertSame(subtractDecimals(addDecimals(a, b), b), a)
      assertSame(addDecimals(a, b), addDecimals(b, a))
    }),
  )
})

test('comparing agrees with the sign of the difference', () => {
  fc.assert(
    fc.property(anyDecimal, anyDecimal, (a, b) => {
      assert.equal(compareDecimals(a, b) > 0, isPositive(subtractDecimals(a, b)))
      assert.equal(compareDecimals(a, b) < 0, isPositive(subtractDecimals(b, a)))
      assert.equal(compareDecimals(a, b) === 0, decimalText(a) === decimalText(b))
    }),
  )
})

test('multiplying distributes over adding', () => {
  fc.assert(
    fc.property(anyDecimal, anyDecimal, anyDecimal, (a, b, c) => {
      const together = multiplyDecimals(a, addDecimals(b, c))
      assertSame(together, addDecimals(multiplyDecimals(a, b), multiplyDecimals(a, c)))
    }),
  )
})

test('rounding never moves an amount by a whole step, and up is never less', () => {
  fc.assert(
    fc.property(anyDecimal, places, (value, decimals) => {
      const up = roundUp(value, decimals)
      const down = roundDown(value, decimals)
      assert.ok(compareDecimals(down, value) <= 0 && compareDecimals(value, up) <= 0)
      assert.ok(compareDecimals(subtractDecimals(up, down), { digits: 1n, scale: decimals }) <= 0)
      assert.notEqual(inUnits(up, decimals), undefined)
    }),
  )
})

test('a share of a whole is cut off, never rounded up', () => {
  fc.assert(
    fc.property(anyDecimal, positive, places, (part, whole, decimals) => {
      const share = ratio(part, whole, decimals)
      const next = addDecimals(share, { digits: 1n, scale: decimals })
      assert.ok(compareDecimals(multiplyDecimals(share, whole), part) <= 0)
      assert.ok(compareDecimals(multiplyDecimals(next, whole), part) > 0)
    }),
  )
})

test('the parts of a price never add up to more than the price', () => {
  const cents = fc.bigInt({ min: 0n, max: 10n ** 9n })
  fc.assert(
    fc.property(cents, positive, positive, (price, a, b) => {
      const whole = addDecimals(a, b)
      const sum = portion(price, a, whole) + portion(price, b, whole)
      assert.ok(sum === price || sum === price - 1n)
    }),
  )
})

test('nothing is divided by zero', () => {
  assert.throws(() => ratio(parseDecimal('1'), zero, 2), /Expected a whole other than zero to divide 1 by/)
})

test('dollars become whole cents only when they are whole cents', () => {
  const cents = ['25', '19.9', '0.01', '1.995', '2.500'].map((text) => inUnits(parseDecimal(text), 2))
  assert.deepEqual(cents, [2500n, 1990n, 1n, undefined, 250n])
  assert.equal(inUnits(parseDecimal('1e-18'), 18), 1n)
})

test('an amount the coin cannot carry is rounded up to what it can', () => {
  assert.equal(decimalText(roundUp(parseDecimal('1.99589426'), 6)), '1.995895')
  assert.equal(decimalText(roundUp(parseDecimal('25.0137'), 6)), '25.0137')
  assert.equal(decimalText(roundDown(parseDecimal('4.98842014'), 6)), '4.98842')
})
