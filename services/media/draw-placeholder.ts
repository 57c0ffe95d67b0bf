import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Font } from 'fontkit' // { type Font } would load it

export type DrawnPictures = { readonly cover: Buffer; readonly thumb: Buffer; readonly side: number }

const side = 1024
const thumbSide = 512
const letterHeight = 0.42 * side

const subsets = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese'] as const

/** Picture and thumbnail for a product without one: its initial on the colour of its category. Same input, same bytes. */
export async function drawPlaceholder(title: string, color: string): Promise<DrawnPictures> {
  const { default: sharp } = await import('sharp')
  const svg = Buffer.from(await placeholderSvg(initialOf(title), color))
  const cover = await sharp(svg).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer()
  const thumb = await sharp(svg).resize(thumbSide, thumbSide).jpeg({ quality: 85 }).toBuffer()
  return { cover, thumb, side }
}

/** The first letter or digit of a title as a capital, accents kept; `?` when it has none. */
export const initialOf = (title: string): string =>
  /[\p{L}\p{N}]\p{M}*/u.exec(title)?.[0].normalize('NFC').toLocaleUpperCase('fr') ?? '?'

async function placeholderSvg(initial: string, color: string): Promise<string> {
  const letter = await outline(initial)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="${color}"/>
      <stop offset="1" stop-color="${darkened(color)}"/>
    </linearGradient>
    <filter id="soft" x="-20%" y="-20%" width="140%" height="150%"><feGaussianBlur stdDeviation="14"/></filter>
  </defs>
  <rect width="${side}" height="${side}" fill="url(#sky)"/>
  <path d="${letter.path}" transform="translate(${letter.x} ${letter.y + 18}) scale(${letter.scale} ${-letter.scale})" fill="#000" fill-opacity=".32" filter="url(#soft)"/>
  <path d="${letter.path}" transform="translate(${letter.x} ${letter.y}) scale(${letter.scale} ${-letter.scale})" fill="#fff"/>
</svg>`
}

type Outline = { readonly path: string; readonly x: number; readonly y: number; readonly scale: number }

/** The letter as a path of a font that comes with us, so that nothing depends on the machine's fonts. */
async function outline(initial: string): Promise<Outline> {
  const font = (await fontWith(initial)) ?? (await fontWith('?'))
  if (font === undefined) throw new Error('Expected the bundled font to have a question mark')
  const run = font.layout(hasAll(font, initial) ? initial : '?')
  const glyphs = run.glyphs.map(({ path }) => path.toSVG())
  const { minX, minY, maxX, maxY } = run.bbox
  const scale = Math.min(letterHeight / (maxY - minY), (0.7 * side) / (maxX - minX))
  const x = side / 2 - ((minX + maxX) / 2) * scale
  const y = side / 2 + ((minY + maxY) / 2) * scale
  return { path: glyphs.join(' '), x: round(x), y: round(y), scale: Number(scale.toFixed(5)) }
}

async function fontWith(text: string): Promise<Font | undefined> {
  for (const subset of subsets) {
    const font = await openFont(subset)
    if (hasAll(font, text)) return font
  }
  return undefined
}

const hasAll = (font: Font, text: string): boolean =>
  Array.from(text).every((character) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0))

const fonts = new Map<string, Promise<Font>>()

function openFont(subset: string): Promise<Font> {
  const opened = fonts.get(subset) ?? readFont(subset)
  fonts.set(subset, opened)
  return opened
}

async function readFont(subset: string): Promise<Font> {
  const path = fileURLToPath(import.meta.resolve(`@fontsource/inter/files/inter-${subset}-700-normal.woff`))
  const { create } = await import('fontkit') // 14 MB, for the rare product without a picture
  const font = create(await readFile(path))
  if (!('layout' in font)) throw new Error(`Expected one font in ${path}, got a collection`)
  return font
}

function darkened(color: string): string {
  const channels = [1, 3, 5].map((index) => Math.round(Number.parseInt(color.slice(index, index + 2), 16) * 0.45))
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

const round = (value: number): number => Number(value.toFixed(2))
