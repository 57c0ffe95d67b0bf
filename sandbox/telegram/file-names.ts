import path from 'node:path'

const types: Record<string, string> = {
  aac: 'audio/aac',
  ai: 'application/postscript',
  avi: 'video/x-msvideo',
  bin: 'application/octet-stream',
  bmp: 'image/bmp',
  css: 'text/css',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  epub: 'application/epub+zip',
  flac: 'audio/flac',
  gif: 'image/gif',
  gz: 'application/gzip',
  htm: 'text/html',
  html: 'text/html',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'application/javascript',
  json: 'application/json',
  mkv: 'video/x-matroska',
  mobi: 'application/x-mobipocket-ebook',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odt: 'application/vnd.oasis.opendocument.text',
  ogg: 'audio/ogg',
  otf: 'font/otf',
  pdf: 'application/pdf',
  png: 'image/png',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  psd: 'image/vnd.adobe.photoshop',
  rar: 'application/x-rar-compressed',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  ttf: 'font/ttf',
  txt: 'text/plain',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml',
  zip: 'application/zip',
  '7z': 'application/x-7z-compressed',
}

/** The media type Telegram shows for a name. */
export function mediaType(name: string): string {
  return types[extension(name)] ?? 'application/octet-stream'
}

export const extension = (name: string): string => path.extname(name).slice(1).toLowerCase()

/** The last part of a path, whichever system wrote it. */
export const withoutPath = (name: string): string => name.split(/[/\\]/).at(-1) ?? ''

/** Telegram's cleaning: no path, quotes, brackets or control characters; 64 characters and an extension of 16. */
export function cleanFileName(name: string): string {
  const base = withoutPath(name)
  const dot = base.lastIndexOf('.')
  const stem = cleanPart(dot <= 0 ? base : base.slice(0, dot), 64)
  const ending = cleanPart(dot <= 0 ? '' : base.slice(dot + 1), 16)
  if (ending === '') return stem
  return stem === '' ? ending : `${stem}.${ending}`
}

function cleanPart(part: string, limit: number): string {
  let clean = ''
  let size = 0
  for (const character of part) {
    if (size >= limit) break
    const kept = cleanCharacter(character)
    if (kept === '' || (clean === '' && /[ .]/.test(kept))) continue
    clean += kept
    size++
  }
  return clean.replace(/[ .]+$/, '')
}

function cleanCharacter(character: string): string {
  if (/^[\0-\x7e]$/.test(character)) return /[\0-\x1f<>:"/\\|?*&`']/.test(character) ? ' ' : character
  if (/^[\p{L}\p{N}]$/u.test(character)) return character
  return /^[\p{M}\p{C}]$/u.test(character) ? '' : ' '
}
