import assert from 'node:assert/strict'
import { test } from 'node:test'
import jsQrModule from 'jsqr'
import { PNG } from 'pngjs'
import { qrPicture } from './qr-picture.ts'

// The package is CommonJS with a `default` inside, which Node's own interop does not unwrap.
const readQr = jsQrModule.default

const texts = [
  'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
  'ethereum:0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359@1?value=3100000000000000',
  'solana:mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN?amount=11.48&spl-token=Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB',
]

test('draws a code that a phone reads back, large enough and with its quiet zone', async () => {
  for (const text of texts) {
    const { data, width, height } = PNG.sync.read(await qrPicture(text))
    assert.ok(width >= 512 && width === height, `${width} x ${height}`)
    const found = readQr(new Uint8ClampedArray(data), width, height)
    assert.equal(found?.data, text)
    const modules = 17 + 4 * found.version + 8
    assert.equal(width % modules, 0)
    const corner = Math.round(found.location.topLeftCorner.x)
    assert.ok(Math.abs(corner - (4 * width) / modules) <= 2, `the code begins at ${corner}`)
  }
})

test('draws the same picture for the same text', async () => {
  const [first, second] = await Promise.all([qrPicture('bitcoin:x'), qrPicture('bitcoin:x')])
  assert.ok(first.equals(second))
})
