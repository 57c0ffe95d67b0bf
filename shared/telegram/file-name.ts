const fallback = 'file'
const longestName = 100
const longestExtension = 12

/**
 * A name that is safe inside a multipart header and readable on every device: no path, quotes, controls or direction
 * overrides, at most 100 characters with the extension kept.
 */
export function safeFileName(name: string): string {
  const clean = name
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]/gu, '')
    .replace(/["\\/:*?<>|]+/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  return shortened(clean) || fallback
}

function shortened(name: string): string {
  const letters = Array.from(name)
  if (letters.length <= longestName) return name
  const dot = letters.lastIndexOf('.')
  const extension = dot > 0 && letters.length - dot <= longestExtension ? letters.slice(dot) : []
  return [...letters.slice(0, longestName - extension.length), ...extension].join('')
}
