/** What may be sold, by name. The content is looked at by `media`; both must agree. */
export type FileKind = 'document' | 'video' | 'audio' | 'image' | 'archive' | 'design' | 'code' | 'font' | 'other'

export type FileType = { readonly kind: FileKind; readonly extension: string; readonly contentType: string }

/** Telegram hands over no larger file: 20 MB to the byte. */
export const mostChatFileBytes = 20_971_520n

export const mostVersions = 50

const longestName = 100

/** The name as people see it: one line without path, quotes or signs that turn the direction of reading. */
export function cleanFileName(name: string): string {
  const clean = name
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffd]/gu, '')
    .replace(/^.*[\\/]/u, '')
    .replace(/['`]/gu, '’')
    .replace(/["]/gu, '')
    .replace(/[:*?<>|]+/gu, '_')
    .replace(/\s+/gu, ' ')
    .replace(/^[. ]+|[. ]+$/gu, '')
  return shortened(clean)
}

function shortened(name: string): string {
  const letters = Array.from(name)
  if (letters.length <= longestName) return name
  const dot = letters.lastIndexOf('.')
  const extension = dot > 0 && letters.length - dot <= longestExtension + 1 ? letters.slice(dot) : []
  return [...letters.slice(0, longestName - extension.length), ...extension].join('').trim()
}

/** The type of a cleaned name. Its last extension decides, in any case. */
export function typeOf(
  fileName: string,
): FileType | { readonly refused: 'no extension' | 'blocked type' | 'unsupported type' } {
  const extension = extensionOf(fileName)
  if (extension === undefined) return { refused: 'no extension' }
  if (isBlockedExtension(extension)) return { refused: 'blocked type' }
  return types.get(extension) ?? { refused: 'unsupported type' }
}

/** In lower case and without the dot; nothing for a name that has none. */
export function extensionOf(fileName: string): string | undefined {
  const dot = fileName.lastIndexOf('.')
  const extension = dot > 0 ? fileName.slice(dot + 1).toLowerCase() : ''
  return extension === '' ? undefined : extension
}

/** Programs and scripts a device would run: never sold as they are, and warned about inside archives. */
export const isBlockedExtension = (extension: string): boolean => blocked.has(extension)

const words = (text: string): string[] => text.trim().split(/\s+/)

const blocked: ReadonlySet<string> = new Set(
  words(`
    exe bat cmd com msi scr vbs ps1 dll sys drv pif application gadget msp cpl inf ins isp job jse lnk msc msh msh1 msh2
    mshxml msh1xml msh2xml ps1xml ps2 ps2xml psc1 psc2 reg rgs sct shb shs u3p vb vbe vbscript ws wsc wsf wsh sh bash zsh
    fish csh tcsh ksh run bin command jar class apk dex dmg pkg app deb rpm snap hta`),
)

const unknownBytes = 'application/octet-stream'
const ooxml = 'application/vnd.openxmlformats-officedocument'
const openDocument = 'application/vnd.oasis.opendocument'

const contentTypes: Readonly<Record<FileKind, Readonly<Record<string, string>>>> = {
  document: {
    pdf: 'application/pdf',
    epub: 'application/epub+zip',
    mobi: 'application/x-mobipocket-ebook',
    azw: 'application/vnd.amazon.ebook',
    azw3: 'application/vnd.amazon.ebook',
    doc: 'application/msword',
    docx: `${ooxml}.wordprocessingml.document`,
    odt: `${openDocument}.text`,
    rtf: 'application/rtf',
    txt: 'text/plain',
    xls: 'application/vnd.ms-excel',
    xlsx: `${ooxml}.spreadsheetml.sheet`,
    ods: `${openDocument}.spreadsheet`,
    csv: 'text/csv',
    ppt: 'application/vnd.ms-powerpoint',
    pptx: `${ooxml}.presentationml.presentation`,
    odp: `${openDocument}.presentation`,
  },
  video: {
    mp4: 'video/mp4',
    avi: 'video/x-msvideo',
    mov: 'video/quicktime',
    wmv: 'video/x-ms-wmv',
    flv: 'video/x-flv',
    mkv: 'video/x-matroska',
    webm: 'video/webm',
    m4v: 'video/x-m4v',
    mpg: 'video/mpeg',
    mpeg: 'video/mpeg',
    '3gp': 'video/3gpp',
    ogv: 'video/ogg',
  },
  audio: {
    mp3: 'audio/mpeg',
    wav: 'audio/wav',
    flac: 'audio/flac',
    aac: 'audio/aac',
    ogg: 'audio/ogg',
    m4a: 'audio/mp4',
    wma: 'audio/x-ms-wma',
    opus: 'audio/ogg',
    ape: 'audio/x-ape',
    alac: 'audio/mp4',
  },
  image: {
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    png: 'image/png',
    gif: 'image/gif',
    bmp: 'image/bmp',
    webp: 'image/webp',
    svg: 'image/svg+xml',
    ico: 'image/x-icon',
    tiff: 'image/tiff',
    tif: 'image/tiff',
    heic: 'image/heic',
    heif: 'image/heif',
  },
  archive: {
    zip: 'application/zip',
    rar: 'application/vnd.rar',
    '7z': 'application/x-7z-compressed',
    tar: 'application/x-tar',
    gz: 'application/gzip',
    bz2: 'application/x-bzip2',
    xz: 'application/x-xz',
  },
  design: {
    psd: 'image/vnd.adobe.photoshop',
    ai: 'application/postscript',
    sketch: unknownBytes,
    fig: unknownBytes,
    xd: unknownBytes,
    afdesign: unknownBytes,
    blend: 'application/x-blender',
    fbx: unknownBytes,
    obj: 'model/obj',
    stl: 'model/stl',
    '3ds': 'application/x-3ds',
    dae: 'model/vnd.collada+xml',
    indd: 'application/x-indesign',
    eps: 'application/postscript',
    cdr: unknownBytes,
  },
  code: {
    html: 'text/html',
    css: 'text/css',
    js: 'text/javascript',
    json: 'application/json',
    xml: 'application/xml',
    sql: 'application/sql',
    md: 'text/markdown',
    markdown: 'text/markdown',
    yaml: 'application/yaml',
    yml: 'application/yaml',
    ...plainText('py ts jsx tsx scss c cpp h hpp java go rs php rb swift kt dart lua r'),
  },
  font: {
    ttf: 'font/ttf',
    otf: 'font/otf',
    woff: 'font/woff',
    woff2: 'font/woff2',
    eot: 'application/vnd.ms-fontobject',
  },
  other: {
    ics: 'text/calendar',
    vcf: 'text/vcard',
    kml: 'application/vnd.google-earth.kml+xml',
    gpx: 'application/gpx+xml',
    kmz: 'application/vnd.google-earth.kmz',
  },
}

function plainText(extensions: string): Record<string, string> {
  return Object.fromEntries(words(extensions).map((extension) => [extension, 'text/plain']))
}

const longestExtension = 8

const types: ReadonlyMap<string, FileType> = new Map(
  Object.entries(contentTypes).flatMap(([kind, known]) =>
    Object.entries(known).map(([extension, contentType]) => [
      extension,
      { kind: kind as FileKind, extension, contentType },
    ]),
  ),
)

/** Every extension that may be sold, by kind: what people are told when theirs may not. */
export const allowedExtensions = (kind: FileKind): string[] => Object.keys(contentTypes[kind])
