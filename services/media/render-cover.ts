import { coverLimits, refuseBytes, refuseSize } from '../../shared/domain/cover-rules.ts'
import { type CoverRefusal } from '../../shared/domain/notice.ts'
import { looksLike } from './signatures.ts'

export type RenderedCover =
  | {
      readonly kind: 'rendered'
      readonly cover: Buffer
      readonly thumb: Buffer
      readonly width: number
      readonly height: number
      readonly contentType: string
    }
  | { readonly kind: 'refused'; readonly reason: CoverRefusal }

const { mostBytes, mostPixels } = coverLimits
export type ImageBox = { readonly width: number; readonly height: number }
const coverBox: ImageBox = { width: 2048, height: 4096 }
const thumbSide = 512
const withinSeconds = 10
const qualities = [90, 85, 80, 75, 70]

const refused = (reason: CoverRefusal): RenderedCover => ({ kind: 'refused', reason })

/**
 * Cover and thumbnail of what a seller sent: upright, on white, in sRGB, without a word of what the camera noted. The
 * header is judged before a single pixel is decoded.
 */
export async function renderCover(sent: Buffer): Promise<RenderedCover> {
  const bytesLimit = refuseBytes(BigInt(sent.length))
  if (bytesLimit !== undefined) return refused(bytesLimit)
  const contentType = formatOf(sent)
  if (contentType === undefined) return refused('not a picture')
  const head = await readHeader(sent)
  if (head === undefined) return refused('damaged')
  const limit = refuseSize(head)
  if (limit !== undefined) return refused(limit)
  try {
    const upright = await turn(await shrink(sent, head, coverBox), head.orientation)
    const cover = await squeeze(upright)
    if (cover === undefined) return refused('too many bytes')
    const thumb = await renderThumb(cover.bytes)
    return { kind: 'rendered', cover: cover.bytes, thumb, width: cover.width, height: cover.height, contentType }
  } catch (error) {
    return refused(error instanceof Error && error.message.includes('timeout') ? 'too large' : 'damaged')
  }
}

/** Any picture the decoder knows, upright and on white, within a box. Throws when it cannot be, or takes too much. */
export async function renderWithin(picture: Buffer | string, box: ImageBox): Promise<Squeezed> {
  const head = await readHeader(picture)
  if (head === undefined) throw new Error('Expected a picture with a header')
  if (head.width * head.height > mostPixels)
    throw new Error(`Expected fewer pixels than ${head.width} x ${head.height}`)
  const squeezed = await squeeze(await turn(await shrink(picture, head, box), head.orientation))
  if (squeezed === undefined) throw new Error('Expected a picture that can be made light')
  return squeezed
}

/** By content, whatever the name: nothing else is ever given to the decoder. */
function formatOf(head: Buffer): string | undefined {
  const look = { head, sizeBytes: BigInt(head.length) }
  return ['jpeg', 'png', 'webp'].filter((extension) => looksLike(extension, look)).map((it) => `image/${it}`)[0]
}

type Header = { readonly width: number; readonly height: number; readonly orientation: number }

/** Opened without a limit on pixels: it is we who refuse, in words that say why. Nothing is decoded. */
async function readHeader(sent: Buffer | string): Promise<Header | undefined> {
  const sharp = await load()
  try {
    const { width, height, orientation } = await sharp(sent, { limitInputPixels: false, failOn: 'error' }).metadata()
    return { width, height, orientation: orientation ?? 1 }
  } catch {
    return undefined // not a header the decoder understands
  }
}

type Pixels = { readonly data: Buffer; readonly info: { width: number; height: number; channels: 3 } }

/** First to the size it is shown in, line by line, so that no large picture is ever whole in memory. */
async function shrink(sent: Buffer | string, { orientation }: Header, box: ImageBox): Promise<Pixels> {
  const sharp = await load()
  const isLying = orientation >= 5
  const { data, info } = await sharp(sent, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true })
    .timeout({ seconds: withinSeconds })
    .resize({
      width: isLying ? box.height : box.width,
      height: isLying ? box.width : box.height,
      fit: 'inside',
      withoutEnlargement: true,
    })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels === 3) return { data, info: { width: info.width, height: info.height, channels: 3 } }
  return widen(data, info.width, info.height)
}

/** Grey as three equal colours. */
async function widen(data: Buffer, width: number, height: number): Promise<Pixels> {
  const sharp = await load()
  const raw = { width, height, channels: 1 as const }
  const colours = await sharp(data, { raw }).toColourspace('srgb').raw().toBuffer()
  return { data: colours, info: { width, height, channels: 3 } }
}

/** What a camera noted of how it was held, as turns and mirrors of the picture itself. */
async function turn(pixels: Pixels, orientation: number): Promise<Pixels> {
  const angle = { 3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270 }[orientation] ?? 0
  const isMirrored = [2, 4, 5, 7].includes(orientation)
  if (angle === 0 && !isMirrored) return pixels
  const sharp = await load()
  const turned = await sharp(pixels.data, { raw: pixels.info })
    .rotate(angle)
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height } = turned.info
  if (!isMirrored) return { data: turned.data, info: { width, height, channels: 3 } }
  const mirrored = await sharp(turned.data, { raw: { width, height, channels: 3 } })
    .flop()
    .raw()
    .toBuffer()
  return { data: mirrored, info: { width, height, channels: 3 } }
}

type Squeezed = { readonly bytes: Buffer; readonly width: number; readonly height: number }

/** The best quality that fits the limit; undefined when none does. */
async function squeeze({ data, info }: Pixels): Promise<Squeezed | undefined> {
  const sharp = await load()
  for (const quality of qualities) {
    const bytes = await sharp(data, { raw: info }).timeout({ seconds: withinSeconds }).jpeg({ quality }).toBuffer()
    if (bytes.length <= mostBytes) return { bytes, width: info.width, height: info.height }
  }
  return undefined
}

/** The thumbnail of a cover: the same cover gives the same bytes, now and when it is made again. */
export async function renderThumb(cover: Buffer): Promise<Buffer> {
  const sharp = await load()
  return sharp(cover, { limitInputPixels: mostPixels, failOn: 'error' })
    .timeout({ seconds: withinSeconds })
    .resize(thumbSide, thumbSide, { fit: 'cover' })
    .jpeg({ quality: 85 })
    .toBuffer()
}

/** Imported when first needed, for one picture at a time on one thread, and keeping nothing. */
async function load() {
  const { default: sharp } = await import('sharp')
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}
