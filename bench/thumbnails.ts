import { availableParallelism } from 'node:os'
import sharp from 'sharp'
import { renderCover } from '../services/media/render-cover.ts'
import { type Result } from './result.ts'

const pictures = 40
const rounds = 3

/** Cover and thumbnail of a photo as a seller sends it, against sharp alone making the same two files with the same settings. */
export async function thumbnails(): Promise<Result[]> {
  const photo = await aPhoto()
  const ours = async (): Promise<void> => {
    const made = await renderCover(photo)
    if (made.kind === 'refused') throw new Error(`Expected a picture, it was refused: ${made.reason}`)
  }
  const bare = async (): Promise<void> => {
    const box = { width: 2048, height: 4096, fit: 'inside', withoutEnlargement: true } as const
    const cover = await sharp(photo)
      .autoOrient()
      .resize(box)
      .flatten({ background: '#fff' })
      .jpeg({ quality: 90 })
      .toBuffer()
    await sharp(cover).resize(512, 512, { fit: 'cover' }).jpeg({ quality: 85 }).toBuffer()
  }
  const [rates, limits]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    limits.push(await perSecond(bare))
    rates.push(await perSecond(ours))
  }
  return [
    {
      what: 'Cover and thumbnail of a photo of 12 megapixels',
      unit: 'pictures/s',
      ours: Math.max(...rates),
      limit: { of: 'sharp alone, same settings', value: Math.max(...limits) },
      target: { ratio: 0.9 },
    },
  ]
}

/** One picture per core at a time, as media works. */
async function perSecond(make: () => Promise<void>): Promise<number> {
  sharp.concurrency(1)
  sharp.cache(false)
  let left = pictures
  const began = performance.now()
  const work = async (): Promise<void> => {
    while (left-- > 0) await make()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return (pictures * 1000) / (performance.now() - began)
}

/** Colours that run and grain as a camera's: it packs like a photo, neither flat nor noise alone. */
async function aPhoto(): Promise<Buffer> {
  const [width, height] = [4000, 3000]
  const pixels = Buffer.alloc(width * height * 3)
  let grain = 1
  for (let at = 0; at < pixels.length; at++) {
    grain = (grain * 1_103_515_245 + 12_345) & 0x7fffffff
    const x = (at / 3) % width
    const y = Math.floor(at / (3 * width))
    pixels[at] = 128 + 80 * Math.sin(x / 300 + (at % 3)) + 30 * Math.cos(y / 200) + ((grain >> 16) & 7)
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 82 })
    .toBuffer()
}
