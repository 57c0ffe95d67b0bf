import sharp from 'sharp'
import { type SeedProduct } from './catalogue.ts'

const side = 1024
const center = side / 2

type Drawing = (colors: SeedProduct['colors']) => string

const times = (count: number, draw: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => draw(i)).join('')

const rings: Drawing = ([, , light]) =>
  times(9, (i) => {
    const radius = 60 + i * 58
    const dash = `${80 + i * 35} ${30 + i * 12}`
    return `<circle cx="700" cy="360" r="${radius}" fill="none" stroke="${light}" stroke-opacity="${0.85 - i * 0.08}" stroke-width="${22 - i * 1.6}" stroke-dasharray="${dash}"/>`
  })

const waves: Drawing = ([, , light]) =>
  times(11, (i) => {
    const y = 260 + i * 62
    const bend = 120 - i * 7
    return `<path d="M-20 ${y} C 240 ${y - bend}, 420 ${y + bend}, 640 ${y} S 960 ${y - bend}, 1060 ${y + 20}" fill="none" stroke="${light}" stroke-opacity="${0.2 + i * 0.07}" stroke-width="${6 + i * 1.3}" stroke-linecap="round"/>`
  })

const grid: Drawing = ([, , light]) =>
  times(36, (i) => {
    const x = 150 + (i % 6) * 145
    const y = 150 + Math.floor(i / 6) * 145
    const shapes = [
      `<circle cx="${x}" cy="${y}" r="40"/>`,
      `<rect x="${x - 38}" y="${y - 38}" width="76" height="76" rx="16"/>`,
      `<path d="M${x - 42} ${y + 36} L${x} ${y - 40} L${x + 42} ${y + 36} Z"/>`,
      `<path d="M${x - 40} ${y} H${x + 40} M${x} ${y - 40} V${y + 40}"/>`,
    ]
    const opacity = 0.35 + ((i * 7) % 10) / 16
    return `<g fill="none" stroke="${light}" stroke-opacity="${opacity}" stroke-width="11" stroke-linejoin="round" stroke-linecap="round">${shapes[(i * 5 + Math.floor(i / 6)) % 4] ?? ''}</g>`
  })

const hills: Drawing = ([base, , light]) =>
  `<circle cx="690" cy="330" r="150" fill="${light}" fill-opacity=".92"/>` +
  times(5, (i) => {
    const y = 520 + i * 100
    const path = `M0 ${y} C 180 ${y - 150 + i * 20}, 330 ${y + 60}, 520 ${y - 40} S 860 ${y - 130 + i * 30}, 1024 ${y + 10} V1024 H0 Z`
    return `<path d="${path}" fill="${i % 2 === 0 ? base : '#000000'}" fill-opacity="${0.28 + i * 0.09}"/>`
  })

const orbits: Drawing = ([base, , light]) =>
  times(6, (i) => {
    const turn = `rotate(${i * 30} ${center} ${center})`
    return `<g transform="${turn}"><ellipse cx="${center}" cy="${center}" rx="430" ry="140" fill="none" stroke="${light}" stroke-opacity=".55" stroke-width="7"/><circle cx="${center + 430}" cy="${center}" r="${14 + i * 4}" fill="${light}"/></g>`
  }) +
  `<circle cx="${center}" cy="${center}" r="96" fill="${base}"/><circle cx="${center - 28}" cy="${center - 30}" r="34" fill="${light}" fill-opacity=".8"/>`

const prism: Drawing = ([, , light]) =>
  times(14, (i) => {
    const x = 100 + i * 62
    return `<path d="M512 160 L${x} 880 L${x + 62} 880 Z" fill="${light}" fill-opacity="${0.08 + ((i * 5) % 14) / 22}"/>`
  })

const drawings: Record<Exclude<SeedProduct['art'], 'none'>, Drawing> = { rings, waves, grid, hills, orbits, prism }

/** A cover drawn from shapes alone, so that it looks the same on every machine; undefined for a product without one. */
export async function drawCover({ art, colors }: SeedProduct): Promise<Buffer | undefined> {
  if (art === 'none') return undefined
  const [from, to] = colors
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}">
    <defs>
      <linearGradient id="sky" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>
      <radialGradient id="glow" cx=".3" cy=".15" r=".9"><stop offset="0" stop-color="#fff" stop-opacity=".28"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>
    </defs>
    <rect width="${side}" height="${side}" fill="url(#sky)"/>${drawings[art](colors)}<rect width="${side}" height="${side}" fill="url(#glow)"/>
  </svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer()
}

export const cutThumbnail = (cover: Buffer): Promise<Buffer> =>
  sharp(cover).resize(512, 512, { fit: 'cover' }).jpeg({ quality: 85 }).toBuffer()
