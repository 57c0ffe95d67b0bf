const prime = 2n ** 255n - 19n
/** The curve is -x² + y² = 1 + d·x²·y². */
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n

const modulo = (value: bigint): bigint => ((value % prime) + prime) % prime

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let factor = modulo(base), rest = exponent; rest > 0n; rest >>= 1n, factor = modulo(factor * factor)) {
    if ((rest & 1n) === 1n) result = modulo(result * factor)
  }
  return result
}

/**
 * Whether 32 bytes are a point of the curve ed25519, as every public key of a wallet is: then x² = (y² - 1) / (d·y² + 1) has a
 * root. A quotient is a square when the product is, so nothing needs to be divided.
 */
export function isOnCurve(bytes: Uint8Array): boolean {
  const number = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  const y = modulo(number & (2n ** 255n - 1n))
  const square = modulo(y * y)
  const product = modulo((square - 1n) * (d * square + 1n))
  return product === 0n || power(product, (prime - 1n) / 2n) === 1n
}
