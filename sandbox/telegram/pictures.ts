import { readFile, stat } from 'node:fs/promises'
import { badRequest } from './errors.ts'
import { type ImageHeader, readImageHeader } from './images.ts'

/** One size of a photo, as JPEG. */
export type Rendition = { bytes: Buffer; width: number; height: number }

/** Who a picture comes from: the server judges what bots send, and people's apps make theirs smaller beforehand. */
export type Sender = 'bot' | 'person'

const maxPhotoBytes = 10 * 1024 * 1024
const longestFromPerson = 1280
const maxThumbnailBytes = 204_799
const sizeLimits = [90, 320, 800, 1280, 2560]

let queue: Promise<unknown> = Promise.resolve()

/** Decoding is heavy, so pictures wait for each other. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = queue.then(work)
  queue = result.catch(() => undefined)
  return result
}

/** Checks an upload as the server does and makes the sizes of a photo, smallest first. */
export async function preparePhoto(file: string, sender: Sender): Promise<Rendition[]> {
  const { size } = await stat(file)
  if (sender === 'bot' && size > maxPhotoBytes) {
    throw badRequest(`File of size ${size} bytes is too big for a photo; the maximum size is ${maxPhotoBytes} bytes`)
  }
  const bytes = await readFile(file)
  const header = readImageHeader(bytes)
  if (header === undefined) throw badRequest('IMAGE_PROCESS_FAILED')
  checkDimensions(header, sender)
  const longest = sender === 'bot' ? Infinity : longestFromPerson
  try {
    return await inTurn(() => render(bytes, limitsFor(header, longest)))
  } catch (cause) {
    throw Object.assign(badRequest('IMAGE_PROCESS_FAILED'), { cause })
  }
}

function checkDimensions({ width, height }: ImageHeader, sender: Sender): void {
  const ratio = Math.max(width, height) / Math.min(width, height)
  const isTooLarge = sender === 'bot' && width + height > 10_000
  if (isTooLarge || ratio > 20) throw badRequest('PHOTO_INVALID_DIMENSIONS')
}

/** Every standard size smaller than the picture, and one that holds all of it or is the largest. */
function limitsFor({ width, height }: ImageHeader, atMost: number): number[] {
  const longest = Math.min(atMost, Math.max(width, height))
  const smaller = sizeLimits.filter((limit) => limit < longest)
  return smaller.length === sizeLimits.length ? smaller : [...smaller, longest]
}

async function render(bytes: Buffer, limits: number[]): Promise<Rendition[]> {
  const { default: sharp } = await import('sharp')
  const renditions: Rendition[] = []
  for (const limit of limits) {
    const { data, info } = await sharp(bytes)
      .rotate()
      .resize(limit, limit, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 87 })
      .toBuffer({ resolveWithObject: true })
    renditions.push({ bytes: data, width: info.width, height: info.height })
  }
  return renditions
}

/** A thumbnail sent along is used when it is a JPEG of at most 320 px and 200 kB, and silently ignored otherwise. */
export async function readThumbnail(file: string): Promise<Rendition | undefined> {
  const { size } = await stat(file)
  if (size > maxThumbnailBytes) return undefined
  const bytes = await readFile(file)
  const header = readImageHeader(bytes)
  if (header?.format !== 'jpeg' || Math.max(header.width, header.height) > 320) return undefined
  return { bytes, width: header.width, height: header.height }
}

/** The server makes a thumbnail of pictures sent as documents; other files have none. */
export async function makeThumbnail(file: string, mediaType: string): Promise<Rendition | undefined> {
  if (!['image/jpeg', 'image/png', 'image/webp'].includes(mediaType)) return undefined
  const { size } = await stat(file)
  if (size > maxPhotoBytes) return undefined
  const bytes = await readFile(file)
  const header = readImageHeader(bytes)
  if (header === undefined || header.width + header.height > 10_000) return undefined
  try {
    const [thumbnail] = await inTurn(() => render(bytes, [Math.min(320, Math.max(header.width, header.height))]))
    return thumbnail
  } catch {
    return undefined // a broken picture is still a document
  }
}
