import { type Branded } from './brand.ts'

/** An exact decimal: `digits` divided by ten to the power of `scale`, which is never negative. */
export type Decimal = { readonly digits: bigint; readonly scale: number }

/** A decimal in its one plain spelling: no exponent, no needless zeros, `0` never negative. */
export type DecimalText = Branded<string, 'DecimalText'>

/** Beyond this many digits on either side a number is an attack or a mistake, not money. */
const mostDigits = 100

const spelling = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/

export const zero: Decimal = { digits: 0n, scale: 0 }

/** Reads a number as JSON, JavaScript, Python or a person spells it; anything else is `undefined`. */
export function readDecimal(text: string): Decimal | undefined {
  if (text.length > 2 * mostDigits) return undefined
  const [matched, sign, whole = '', fraction = '', exponent = '0'] = spelling.exec(text) ?? []
  if (matched === undefined) return undefined
  const scale = fraction.length - Number(exponent)
  if (Math.abs(scale) > mostDigits) return undefined
  const digits = BigInt(`${sign}${whole}${fraction}`)
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale }
}

/** The same for a text known to be a decimal; throws on anything else. */
export function parseDecimal(text: string): Decimal {
  const value = readDecimal(text)
  if (value === undefined) throw new RangeError(`Expected a decimal number, got ${JSON.stringify(text)}`)
  return value
}

/** The plain spelling, as buyers, QR codes and tables have it. */
export function decimalText({ digits, scale }: Decimal): DecimalText {
  const sign = digits < 0n ? '-' : ''
  const padded = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const point = padded.length - scale
  const fraction = padded.slice(point).replace(/0+$/, '')
  return (sign + padded.slice(0, point) + (fraction === '' ? '' : `.${fraction}`)) as DecimalText
}

/** Negative, zero or positive, as `sort` wants it. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const { a, b } = aligned(left, right)
  return a < b ? -1 : a > b ? 1 : 0
}

export const isPositive = ({ digits }: Decimal): boolean => digits > 0n

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const { a, b, scale } = aligned(left, right)
  return { digits: a + b, scale }
}

export function subtractDecimals(left: Decimal, right: Decimal): Decimal {
  return addDecimals(left, { digits: -right.digits, scale: right.scale })
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { digits: left.digits * right.digits, scale: left.scale + right.scale }
}

/** `part / whole` with so many decimals, rounded down; throws when `whole` is zero. */
export function ratio(part: Decimal, whole: Decimal, decimals: number): Decimal {
  return { digits: portion(10n ** BigInt(decimals), part, whole), scale: decimals }
}

/** `amount × part / whole` in whole units, rounded down: the cents that a part of the coins stands for. */
export function portion(amount: bigint, part: Decimal, whole: Decimal): bigint {
  const { a, b } = aligned(part, whole)
  if (b === 0n) throw new RangeError(`Expected a whole other than zero to divide ${decimalText(part)} by`)
  return floorDivide(amount * a, b)
}

/** The nearest number with at most so many decimals that is not smaller. */
export function roundUp({ digits, scale }: Decimal, decimals: number): Decimal {
  const down = roundDown({ digits: -digits, scale }, decimals)
  return { digits: -down.digits, scale: down.scale }
}

/** The nearest number with at most so many decimals that is not larger. */
export function roundDown({ digits, scale }: Decimal, decimals: number): Decimal {
  if (scale <= decimals) return { digits, scale }
  return { digits: floorDivide(digits, 10n ** BigInt(scale - decimals)), scale: decimals }
}

/** The count of units of 10^-decimals (cents, lamports, wei), or `undefined` when it is not a whole one. */
export function inUnits(value: Decimal, decimals: number): bigint | undefined {
  const { a, b } = aligned(value, { digits: 1n, scale: decimals })
  return a % b === 0n ? a / b : undefined
}

/** The count of whole units of 10^-decimals in it, rounded down. */
export const wholeUnits = (value: Decimal, decimals: number): bigint =>
  inUnits(roundDown(value, decimals), decimals) ?? 0n

function aligned(left: Decimal, right: Decimal): { a: bigint; b: bigint; scale: number } {
  const scale = Math.max(left.scale, right.scale)
  const raise = (value: Decimal) => value.digits * 10n ** BigInt(scale - value.scale)
  return { a: raise(left), b: raise(right), scale }
}

function floorDivide(part: bigint, whole: bigint): bigint {
  const quotient = part / whole
  return part % whole !== 0n && part < 0n !== whole < 0n ? quotient - 1n : quotient
}
