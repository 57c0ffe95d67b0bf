/** The first bytes of a file, and its size: what most types are known by. */
export type Look = { readonly head: Buffer; readonly sizeBytes: bigint }

type Sign = (look: Look) => boolean

/** As much of the beginning as is ever looked at. */
export const headBytes = 65_536

const bytes =
  (hex: string, offset = 0): Sign =>
  ({ head }) =>
    head.subarray(offset, offset + hex.length / 2).equals(Buffer.from(hex, 'hex'))

const ascii = (text: string, offset = 0): Sign => bytes(Buffer.from(text, 'latin1').toString('hex'), offset)

const any =
  (...signs: readonly Sign[]): Sign =>
  (look) =>
    signs.some((sign) => sign(look))

const all =
  (...signs: readonly Sign[]): Sign =>
  (look) =>
    signs.every((sign) => sign(look))

/** Text without NUL; with the mark of UTF-16, text without U+0000. */
export const isText: Sign = ({ head }) => {
  const mark = head.subarray(0, 2).toString('hex')
  if (mark !== 'fffe' && mark !== 'feff') return !head.includes(0)
  for (let at = 2; at + 1 < head.length; at += 2) if (head[at] === 0 && head[at + 1] === 0) return false
  return true
}

const textWith =
  (pattern: RegExp): Sign =>
  (look) =>
    isText(look) && pattern.test(decoded(look.head))

const decoded = (head: Buffer): string => {
  const mark = head.subarray(0, 2).toString('hex')
  if (mark === 'fffe') return head.toString('utf16le')
  return mark === 'feff'
    ? Buffer.from(head.subarray(0, head.length & ~1))
        .swap16()
        .toString('utf16le')
    : head.toString()
}

const markup = textWith(/</)
const pdf: Sign = ({ head }) => /^(?:\ufeff)?\s*%PDF-\d/.test(head.subarray(0, 1_024).toString())
const postScript = any(ascii('%!PS'), bytes('c5d0d3c6'))
const compound = bytes('d0cf11e0a1b11ae1')
const riff = (form: string): Sign => all(any(ascii('RIFF'), ascii('RF64')), ascii(form, 8))
const ebml = bytes('1a45dfa3')
const asf = bytes('3026b2758e66cf11a6d900aa0062ce6c')
const ogg = ascii('OggS')
const baseMedia = ascii('ftyp', 4)
const zipped = any(ascii('PK\x03\x04'), ascii('PK\x05\x06'))
const pictureBrand: Sign = ({ head }) =>
  /^ftyp(?:hei[cmsx]|hev[cmsx]|mif[12]|msf1)/.test(head.subarray(4, 12).toString('latin1'))

/** MPEG audio, layer I to III: eleven set bits, and none of the reserved values. */
const mpegFrame: Sign = ({ head }) => {
  const [first = 0, second = 0, third = 0] = head
  const isSynced = first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x18) !== 0x08 && (second & 0x06) !== 0
  return isSynced && (third & 0xf0) !== 0xf0 && (third & 0x0c) !== 0x0c
}
const adts: Sign = ({ head }) => head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0
const tagged = ascii('ID3')

/** Older tar has no name of its own, but a sum of its header. */
const tar: Sign = ({ head }) => {
  if (head.length < 512) return false
  const written = Number.parseInt(head.subarray(148, 156).toString('latin1').trim(), 8)
  const sum = head.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  return written === sum && sum > 256
}

/** A head of 80 bytes, a count, and fifty bytes for each triangle. */
const binaryStl: Sign = ({ head, sizeBytes }) =>
  head.length >= 84 && sizeBytes === 84n + 50n * BigInt(head.readUInt32LE(80))

const transportStream: Sign = ({ head }) => head[0] === 0x47 && head[188] === 0x47 && head[376] === 0x47
const book = any(ascii('BOOKMOBI', 60), ascii('TEXtREAd', 60))
const quickTime = any(...['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot'].map((atom) => ascii(atom, 4)))

const signs: Readonly<Record<string, Sign>> = {
  pdf,
  mobi: book,
  azw: any(book, ascii('TPZ')),
  azw3: book,
  doc: any(compound, ascii('{\\rtf')),
  rtf: ascii('{\\rtf'),
  xls: compound,
  ppt: compound,
  mp4: baseMedia,
  avi: riff('AVI '),
  mov: quickTime,
  wmv: asf,
  flv: ascii('FLV'),
  mkv: ebml,
  webm: ebml,
  m4v: baseMedia,
  mpg: any(bytes('000001ba'), bytes('000001b3'), transportStream),
  mpeg: any(bytes('000001ba'), bytes('000001b3'), transportStream),
  '3gp': baseMedia,
  ogv: ogg,
  mp3: any(tagged, mpegFrame),
  wav: riff('WAVE'),
  flac: any(ascii('fLaC'), tagged),
  aac: any(adts, ascii('ADIF'), tagged, baseMedia),
  ogg,
  m4a: baseMedia,
  wma: asf,
  opus: ogg,
  ape: any(ascii('MAC '), tagged),
  alac: any(baseMedia, ascii('caff')),
  jpg: bytes('ffd8ff'),
  jpeg: bytes('ffd8ff'),
  png: bytes('89504e470d0a1a0a'),
  gif: any(ascii('GIF87a'), ascii('GIF89a')),
  bmp: ascii('BM'),
  webp: riff('WEBP'),
  svg: textWith(/<svg[\s>]/i),
  ico: bytes('00000100'),
  tiff: any(bytes('49492a00'), bytes('4d4d002a'), bytes('49492b00'), bytes('4d4d002b')),
  tif: any(bytes('49492a00'), bytes('4d4d002a'), bytes('49492b00'), bytes('4d4d002b')),
  heic: pictureBrand,
  heif: pictureBrand,
  rar: bytes('526172211a07'),
  '7z': bytes('377abcaf271c'),
  tar,
  gz: bytes('1f8b08'),
  bz2: all(ascii('BZh'), any(bytes('314159265359', 4), bytes('177245385090', 4))),
  xz: bytes('fd377a585a00'),
  psd: any(ascii('8BPS\x00\x01'), ascii('8BPS\x00\x02')),
  ai: any(pdf, postScript),
  sketch: any(zipped, ascii('SQLite format 3\x00')),
  fig: any(ascii('fig-'), zipped),
  afdesign: bytes('00ff4b41'),
  blend: any(ascii('BLENDER'), bytes('1f8b08'), bytes('28b52ffd')),
  fbx: any(ascii('Kaydara FBX Binary'), isText),
  stl: any(binaryStl, textWith(/^\s*solid/)),
  '3ds': ascii('MM'),
  indd: bytes('0606edf5d81d46e5bd31efe7fe74b71d'),
  eps: postScript,
  cdr: any(riff('CDR'), ({ head }) => /^RIFF....CDR/s.test(head.subarray(0, 12).toString('latin1')), zipped),
  ttf: any(bytes('00010000'), ascii('true'), ascii('ttcf')),
  otf: any(ascii('OTTO'), bytes('00010000')),
  woff: ascii('wOFF'),
  woff2: ascii('wOF2'),
  eot: ascii('LP', 34),
  dae: markup,
  xml: markup,
  kml: markup,
  gpx: markup,
}

/** Types that are a zip inside, and are looked at member by member. */
export const zippedTypes: ReadonlySet<string> = new Set('zip docx xlsx pptx odt ods odp epub kmz xd'.split(' '))

/** Whether the beginning of a file is that of its extension; a type without a sign of its own is text. */
export const looksLike = (extension: string, look: Look): boolean =>
  zippedTypes.has(extension) ? zipped(look) : (signs[extension] ?? isText)(look)

/** Whether it is a zip, whatever its name. */
export const isZipped = (look: Look): boolean => zipped(look)
