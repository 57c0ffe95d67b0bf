/** Draws the pictures the bot is shipped with: `node scripts/draw-assets.ts`. Shapes only, so that no font is needed. */
import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'

const folder = new URL('../services/bot/assets/', import.meta.url)

/** The eight colours of the categories. */
const palette = ['#10B981', '#3B82F6', '#8B5CF6', '#EC4899', '#F59E0B', '#06B6D4', '#6366F1', '#5EEAD4']

const background = `
  <defs>
    <linearGradient id="night" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="#0B1220"/><stop offset="0.6" stop-color="#111C36"/><stop offset="1" stop-color="#1B1440"/>
    </linearGradient>
    <radialGradient id="glow"><stop offset="0" stop-color="#5EEAD4" stop-opacity="0.35"/><stop offset="1" stop-color="#5EEAD4" stop-opacity="0"/></radialGradient>
    <radialGradient id="dusk"><stop offset="0" stop-color="#8B5CF6" stop-opacity="0.4"/><stop offset="1" stop-color="#8B5CF6" stop-opacity="0"/></radialGradient>
    <linearGradient id="shine" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#FFFFFF"/><stop offset="1" stop-color="#DCE6F5"/></linearGradient>
    <filter id="soft" x="-20%" y="-20%" width="140%" height="150%"><feDropShadow dx="0" dy="14" stdDeviation="18" flood-color="#000814" flood-opacity="0.55"/></filter>
  </defs>`

const night = (width: number, height: number) => `
  <rect width="${width}" height="${height}" fill="url(#night)"/>
  <ellipse cx="${width * 0.2}" cy="${height * 0.1}" rx="${width * 0.45}" ry="${height * 0.7}" fill="url(#glow)"/>
  <ellipse cx="${width * 0.9}" cy="${height * 0.95}" rx="${width * 0.5}" ry="${height * 0.8}" fill="url(#dusk)"/>`

/** A file card with a folded corner, in one colour, with a small drawing of what is in it. */
function fileCard(x: number, y: number, tilt: number, color: string, drawing: string): string {
  return `
  <g transform="translate(${x} ${y}) rotate(${tilt})" filter="url(#soft)">
    <path d="M-70 -92 h96 l44 44 v126 a14 14 0 0 1 -14 14 h-126 a14 14 0 0 1 -14 -14 v-156 a14 14 0 0 1 14 -14 z" fill="url(#shine)"/>
    <path d="M26 -92 l44 44 h-32 a12 12 0 0 1 -12 -12 z" fill="#B8C7DF"/>
    <g fill="none" stroke="${color}" stroke-width="11" stroke-linecap="round" stroke-linejoin="round">${drawing}</g>
    <path d="M-58 66 h64 M-58 46 h96" stroke="#C9D5E8" stroke-width="9" stroke-linecap="round"/>
  </g>`
}

const drawings = {
  chart: '<path d="M-48 14 l26 -30 l22 18 l34 -40"/>',
  code: '<path d="M-28 -40 l-24 24 l24 24 M14 -40 l24 24 l-24 24"/>',
  pen: '<path d="M-44 12 l10 -28 l46 -46 l20 20 l-46 46 z"/>',
  play: '<path d="M-26 -44 l52 30 l-52 30 z"/>',
  book: '<path d="M-6 -34 v44 M-6 -34 q-20 -14 -44 -8 v44 q24 -6 44 8 q20 -14 44 -8 v-44 q-24 -6 -44 8"/>',
}

/** A market stall: an awning in the colours of the categories over a counter. */
function stall(): string {
  const stripe = 80
  const awning = palette
    .map((color, index) => {
      const x = -320 + index * stripe
      return `<path d="M${x} 0 v96 a40 40 0 0 0 ${stripe} 0 v-96 z" fill="${color}"/>
              <path d="M${x} 78 v18 a40 40 0 0 0 ${stripe} 0 v-18 a40 40 0 0 1 -${stripe} 0 z" fill="#0B1220" opacity="0.18"/>`
    })
    .join('')
  return `
  <g transform="translate(640 150)" filter="url(#soft)">
    <rect x="-296" y="60" width="16" height="390" fill="#32456F"/><rect x="280" y="60" width="16" height="390" fill="#32456F"/>
    <rect x="-340" y="-26" width="680" height="34" rx="17" fill="#F4F7FC"/>${awning}
    <path d="M-352 388 h704 a16 16 0 0 1 16 16 v18 a16 16 0 0 1 -16 16 h-704 a16 16 0 0 1 -16 -16 v-18 a16 16 0 0 1 16 -16 z" fill="#F4F7FC"/>
    <path d="M-336 438 h672 v132 h-672 z" fill="#1C2A4E"/>
    <path d="M-300 470 h184 v70 h-184 z M-92 470 h184 v70 h-184 z M116 470 h184 v70 h-184 z" fill="#243562"/>
  </g>`
}

const stars = (count: number, width: number, height: number) =>
  Array.from({ length: count }, (_, index) => {
    const x = (index * 397 + 61) % width
    const y = (index * 211 + 37) % height
    return `<circle cx="${x}" cy="${y}" r="${1.2 + (index % 3) * 0.7}" fill="#FFFFFF" opacity="${0.18 + (index % 4) * 0.1}"/>`
  }).join('')

const home = `
<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720" viewBox="0 0 1280 720">${background}${night(1280, 720)}${stars(70, 1280, 520)}
  ${stall()}
  ${fileCard(452, 440, -7, '#3B82F6', drawings.chart)}
  ${fileCard(640, 428, 2, '#8B5CF6', drawings.code)}
  ${fileCard(828, 440, 8, '#EC4899', drawings.pen)}
  ${fileCard(160, 330, -14, '#10B981', drawings.book)}
  ${fileCard(1120, 330, 13, '#F59E0B', drawings.play)}
</svg>`

const neutral = `
<svg xmlns="http://www.w3.org/2000/svg" width="1024" height="768" viewBox="0 0 1024 768">${background}${night(1024, 768)}
  ${palette.map((color, index) => `<circle cx="${330 + index * 52}" cy="640" r="11" fill="${color}"/>`).join('')}
  <g transform="translate(512 340) scale(2.1)">${fileCard(0, 0, 0, '#5B6B8C', '<path d="M-34 -10 l34 26 l34 -26 M0 -52 v64"/>')}</g>
</svg>`

for (const [name, svg] of Object.entries({ home, neutral })) {
  const jpeg = await sharp(Buffer.from(svg)).jpeg({ quality: 88, mozjpeg: true }).toBuffer()
  await writeFile(new URL(`${name}.jpg`, folder), jpeg)
}
