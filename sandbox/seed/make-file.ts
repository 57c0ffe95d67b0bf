import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { once } from 'node:events'
import { strToU8, Zip, ZipPassThrough, zipSync } from 'fflate'
import PdfDocument from 'pdfkit'
import { type SeedFile, type SeedProduct } from './catalogue.ts'

const contentTypes = { pdf: 'application/pdf', csv: 'text/csv' } as const

export const contentTypeOf = ({ kind }: SeedFile): string =>
  kind === 'pdf' || kind === 'csv' ? contentTypes[kind] : 'application/zip'

/** Writes the file a seeded product sells to `path`: the same bytes each time. */
export async function makeFile(product: SeedProduct, path: string): Promise<void> {
  const { file } = product
  switch (file.kind) {
    case 'pdf':
      return writePdf(product, file.pages, path)
    case 'sounds':
      return writeSounds(file.megabytes, path)
    case 'csv':
      return writeBytes(path, strToU8(journal()))
    case 'icons':
      return writeBytes(path, zipOf(icons()))
    case 'page kit':
      return writeBytes(path, zipOf(pageKit()))
    case 'presets':
      return writeBytes(path, zipOf(presets()))
  }
}

const writeBytes = (path: string, bytes: Uint8Array): Promise<void> => pipeline([bytes], createWriteStream(path))

async function writePdf(product: SeedProduct, pages: readonly string[], path: string): Promise<void> {
  const info = { Title: product.title, Author: 'Comptoir', CreationDate: new Date(0), ModDate: new Date(0) }
  const pdf = new PdfDocument({ size: 'A5', margin: 48, info })
  const written = pipeline(pdf, createWriteStream(path))
  pdf.rect(0, 0, pdf.page.width, pdf.page.height).fill(product.colors[1])
  pdf
    .fillColor('#FFFFFF')
    .fontSize(28)
    .text(product.title, 48, 180, { width: pdf.page.width - 96 })
  pdf.moveDown().fontSize(12).fillColor(product.colors[2]).text('Comptoir')
  for (const [index, heading] of pages.entries()) {
    pdf.addPage()
    pdf
      .fillColor(product.colors[0])
      .fontSize(11)
      .text(`${index + 1}`)
    pdf.fillColor('#111827').fontSize(20).text(heading).moveDown()
    pdf.fontSize(11).fillColor('#374151').text(product.description, { align: 'justify', lineGap: 3 })
  }
  pdf.end()
  await written
}

const zipOf = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), {
    mtime: '2026-01-01T00:00:00Z',
  })

function icons(): Record<string, string> {
  const themes = ['commerce', 'media', 'people', 'travel', 'weather', 'office']
  const names = themes.flatMap((theme) => Array.from({ length: 40 }, (_, i) => [theme, i] as const))
  return Object.fromEntries(
    names.map(([theme, i]) => {
      const shape = `<circle cx="12" cy="12" r="${3 + (i % 8)}"/><path d="M${2 + (i % 10)} 20 L${12 + (i % 7)} ${4 + (i % 5)}"/>`
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5">${shape}</svg>`
      return [`lumiere/${theme}/${theme}-${String(i + 1).padStart(2, '0')}.svg`, svg]
    }),
  )
}

function pageKit(): Record<string, string> {
  const sections = [
    'hero',
    'logos',
    'features',
    'steps',
    'pricing',
    'quotes',
    'team',
    'questions',
    'news',
    'contact',
    'map',
    'footer',
  ]
  const page = (name: string) =>
    `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="stylesheet" href="../kit.css"><section class="${name}"><h2>${name}</h2><p>Yours to fill.</p></section></html>\n`
  return {
    'kit/kit.css':
      ':root{--ink:#0f172a;--paper:#fff}section{max-width:64rem;margin:4rem auto;padding:2rem;color:var(--ink)}\n',
    ...Object.fromEntries(sections.map((name) => [`kit/sections/${name}.html`, page(name)])),
  }
}

function presets(): Record<string, string> {
  const preset = (i: number) =>
    JSON.stringify({ name: `Heure dorée ${i}`, temperature: 5200 + i * 60, shadows: -i, warmth: i * 2 }, null, 2)
  return {
    'heure-doree/LISEZ-MOI.txt': 'Dix-huit préréglages. Importez le fichier .json dans votre logiciel.\n',
    ...Object.fromEntries(
      Array.from({ length: 18 }, (_, i) => [`heure-doree/${String(i + 1).padStart(2, '0')}.json`, preset(i + 1)]),
    ),
  }
}

function journal(): string {
  const firstDay = Date.UTC(2027, 0, 1)
  const days = Array.from({ length: 365 }, (_, i) => new Date(firstDay + i * 86_400_000).toISOString().slice(0, 10))
  return ['date,position,reason,result,lesson', ...days.map((day) => `${day},,,,`), ''].join('\r\n')
}

/** An archive of WAV tones, stored rather than deflated so that it is as large as asked; streamed, never whole in memory. */
async function writeSounds(megabytes: number, path: string): Promise<void> {
  const out = createWriteStream(path)
  const zip = new Zip((error, chunk) => {
    if (error) out.destroy(error)
    else out.write(chunk)
  })
  const tracks = 4
  const bytesEach = Math.floor((megabytes * 1_048_576) / tracks)
  for (let track = 0; track < tracks; track++) {
    const entry = new ZipPassThrough(`aurora/tone-${track + 1}.wav`)
    entry.mtime = '2026-01-01T00:00:00Z'
    zip.add(entry)
    entry.push(wavHeader(bytesEach))
    for (const [chunk, isLast] of tone(bytesEach, 110 * (track + 1))) {
      entry.push(chunk, isLast)
      if (out.writableNeedDrain) await once(out, 'drain')
    }
  }
  zip.end()
  out.end()
  await once(out, 'close')
}

function wavHeader(dataBytes: number): Uint8Array {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + dataBytes, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(44_100, 24)
  header.writeUInt32LE(88_200, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(dataBytes, 40)
  return header
}

function* tone(bytes: number, frequency: number): Generator<[Uint8Array, boolean]> {
  const chunkBytes = 1_048_576
  for (let offset = 0; offset < bytes; offset += chunkBytes) {
    const length = Math.min(chunkBytes, bytes - offset)
    const chunk = Buffer.alloc(length)
    for (let i = 0; i + 1 < length; i += 2) {
      const time = (offset + i) / 88_200
      const swell = 0.5 + 0.5 * Math.sin(time * 0.4)
      chunk.writeInt16LE(Math.round(9000 * swell * Math.sin(2 * Math.PI * frequency * time)), i)
    }
    yield [chunk, offset + length >= bytes]
  }
}
