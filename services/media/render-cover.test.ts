import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { type CoverRefusal } from '../../shared/domain/notice.ts'
import { renderCover, renderThumb } from './render-cover.ts'

const plain = (width: number, height: number, background = '#3B82F6') =>
  sharp({ create: { width, height, channels: 3, background } })

async function rendered(sent: Buffer) {
  const result = await renderCover(sent)
  return result.kind === 'rendered' ? result : assert.fail(result.reason)
}

const verdict = async (sent: Buffer): Promise<CoverRefusal | 'rendered'> => {
  const result = await renderCover(sent)
  return result.kind === 'refused' ? result.reason : 'rendered'
}

const pixel = async (picture: Buffer, left: number, top: number): Promise<number[]> => [
  ...(await sharp(picture).extract({ left, top, width: 1, height: 1 }).raw().toBuffer()),
]
const isNear = (found: readonly number[], wanted: readonly number[]): boolean =>
  wanted.every((value, at) => Math.abs(value - (found[at] ?? -99)) < 14)

/** A picture whose header says more than there is. */
function pngSaying(width: number, height: number, data = deflateSync(Buffer.alloc(1_000))): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(body.length, 0)
    frame.writeUInt32BE(crc32(named), 4)
    return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)])
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  const sign = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([sign, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

const photo = await plain(800, 600).jpeg().toBuffer()
const noise = await sharp({
  create: {
    width: 1_200,
    height: 1_000,
    channels: 3,
    background: '#000',
    noise: { type: 'gaussian', mean: 128, sigma: 90 },
  },
})
  .png()
  .toBuffer()

const refusals: readonly (readonly [what: string, sent: Buffer, reason: CoverRefusal])[] = [
  ['nothing', Buffer.alloc(0), 'empty'],
  ['more than 5 MB', Buffer.concat([photo, Buffer.alloc(5_242_880)]), 'too many bytes'],
  ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"/>'), 'not a picture'],
  ['a GIF', await plain(800, 600).gif().toBuffer(), 'not a picture'],
  ['a TIFF', await plain(800, 600).tiff().toBuffer(), 'not a picture'],
  ['a document', Buffer.from('%PDF-1.7\n'), 'not a picture'],
  ['a program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)]), 'not a picture'],
  ['a truncated JPEG', await truncated(), 'damaged'],
  ['a PNG cut in the middle', noise.subarray(0, noise.length / 2), 'damaged'],
  ['a JPEG that is only its first bytes', photo.subarray(0, 20), 'damaged'],
  ['a picture of 50,001 by 50,001 pixels', pngSaying(50_001, 50_001), 'too large'],
  ['a bomb of 9,000 by 9,000 pixels', pngSaying(9_000, 9_000, deflateSync(Buffer.alloc(9_000_000))), 'too large'],
  ['a picture with less in it than it says', pngSaying(3_000, 3_000), 'damaged'],
  ['10,001 pixels in a row', pngSaying(10_001, 2_000), 'too large'],
  ['a picture of 199 by 800 pixels', await plain(199, 800).png().toBuffer(), 'too small'],
  ['a ribbon of 2,001 by 200 pixels', await plain(2_001, 200).png().toBuffer(), 'too narrow'],
]

async function truncated(): Promise<Buffer> {
  const whole = await sharp(noise).jpeg().toBuffer()
  return whole.subarray(0, whole.length / 2)
}

for (const [what, sent, reason] of refusals) {
  test(`as a cover, ${what} is refused: ${reason}`, async () => {
    assert.equal(await verdict(sent), reason)
  })
}

test('a cover keeps its size up to 2048 by 4096 and is never enlarged; its thumbnail is 512 by 512', async () => {
  for (const [width, height, shown] of [
    [800, 600, [800, 600]],
    [200, 200, [200, 200]],
    [4_096, 1_000, [2_048, 500]],
    [1_000, 8_192, [500, 4_096]],
  ] as const) {
    const { cover, thumb, ...size } = await rendered(await plain(width, height).png().toBuffer())
    const [whole, small] = [await sharp(cover).metadata(), await sharp(thumb).metadata()]
    assert.deepEqual([whole.format, whole.width, whole.height], ['jpeg', ...shown])
    assert.deepEqual([size.width, size.height], shown)
    assert.deepEqual([small.format, small.width, small.height], ['jpeg', 512, 512])
  }
})

for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`a picture taken with the camera held in way ${orientation} stands upright, and nothing of the camera is kept`, async () => {
    const corner = await plain(100, 50, '#ff0000').png().toBuffer()
    const sent = await plain(600, 400, '#0000ff')
      .composite([{ input: corner, left: 0, top: 0 }])
      .withMetadata({ orientation })
      .withExif({ IFD0: { Make: 'A secret camera', Orientation: String(orientation) } })
      .jpeg({ quality: 95 })
      .toBuffer()
    const { cover } = await rendered(sent)
    const expected = await sharp(sent).autoOrient().raw().toBuffer({ resolveWithObject: true })
    const found = await sharp(cover).raw().toBuffer({ resolveWithObject: true })
    assert.deepEqual([found.info.width, found.info.height], [expected.info.width, expected.info.height])
    const last = (found.info.height - 1) * found.info.width
    for (const at of [0, found.info.width - 1, last, last + found.info.width - 1].map((place) => place * 3)) {
      assert.ok(isNear([...found.data.subarray(at, at + 3)], [...expected.data.subarray(at, at + 3)]), `corner ${at}`)
    }
    assert.equal(cover.includes('secret camera'), false)
    assert.equal((await sharp(cover).metadata()).exif, undefined)
  })
}

test('what is transparent becomes white', async () => {
  const clear = {
    create: { width: 400, height: 300, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  } as const
  for (const sent of [await sharp(clear).png().toBuffer(), await sharp(clear).webp().toBuffer()]) {
    assert.ok(isNear(await pixel((await rendered(sent)).cover, 200, 150), [255, 255, 255]))
  }
})

test('inks, sixteen bits and grey become ordinary colours', async () => {
  const inks = await plain(400, 300, '#00ff00').toColourspace('cmyk').jpeg().toBuffer()
  const deep = await plain(400, 300, '#ff8000').toColourspace('rgb16').png().toBuffer()
  const grey = await plain(400, 300, '#808080').toColourspace('b-w').png().toBuffer()
  for (const sent of [inks, deep, grey]) {
    const { space, channels, depth } = await sharp((await rendered(sent)).cover).metadata()
    assert.deepEqual([space, channels, depth], ['srgb', 3, 'uchar'])
  }
  assert.ok(isNear(await pixel((await rendered(deep)).cover, 10, 10), [255, 128, 0]))
  assert.ok(isNear(await pixel((await rendered(grey)).cover, 10, 10), [128, 128, 128]))
})

test('of an animation the first frame is shown', async () => {
  const frames = await Promise.all(['#ff0000', '#0000ff'].map((colour) => plain(300, 300, colour).png().toBuffer()))
  const moving = await sharp(frames, { join: { animated: true } })
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer()
  const { cover, width, height } = await rendered(moving)
  assert.deepEqual([width, height], [300, 300])
  assert.ok(isNear(await pixel(cover, 150, 150), [255, 0, 0]))
})

test('a cover that would be too heavy is made with less quality', async () => {
  const grain = Buffer.alloc(2_048 * 2_600 * 3)
  for (let at = 0; at < grain.length; at += 1) grain[at] = (at * 2_654_435_761) >>> 24
  const sent = await sharp(grain, { raw: { width: 2_048, height: 2_600, channels: 3 } })
    .jpeg({ quality: 70 })
    .toBuffer()
  if (sent.length > 5_242_880) assert.fail(`${sent.length}`)
  const { cover } = await rendered(sent)
  assert.ok(cover.length <= 5_242_880)
})

test('a thumbnail that is made again is the same to the byte', async () => {
  const { cover, thumb } = await rendered(noise)
  assert.ok(thumb.equals(await renderThumb(cover)))
})
