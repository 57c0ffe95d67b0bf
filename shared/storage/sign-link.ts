import { GetObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type Bucket } from './bucket.ts'

const longestLifeSeconds = 7 * 24 * 3_600

export type DownloadLink = {
  /** What the buyer's device calls the file. */
  readonly fileName: string
  readonly contentType: string
  readonly expiresInSeconds: number
}

/** A link that downloads the object for a while. Whoever holds it may: it is minted on the press, never stored or logged. */
export async function signDownload(bucket: Bucket, key: string, link: DownloadLink): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: bucket.name,
    Key: key,
    ResponseContentDisposition: attachment(link.fileName),
    ResponseContentType: inertType(link.contentType),
    ResponseCacheControl: 'private, no-store',
  })
  return getSignedUrl(bucket.client, command, { expiresIn: checkedLife(link.expiresInSeconds) })
}

/** How long a link is good for; the provider accepts no more than a week. */
export function checkedLife(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= longestLifeSeconds) return seconds
  throw new RangeError(`Expected a link for 1 to ${longestLifeSeconds} seconds, got ${seconds}`)
}

/** RFC 6266: a plain name for old devices, and the real one, encoded as RFC 5987 wants it. */
export function attachment(fileName: string): string {
  const clean = fileName.toWellFormed().normalize('NFC').replaceAll(unsafeInNames, '_')
  const name = clean.replaceAll(/^[. ]+|[. ]+$/g, '') || 'file'
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\x20-\x7e]|[%]/g, '_')
  const encoded = encodeURIComponent(name).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}

/** Controls, quotes, path signs, and what changes the direction of reading. */
const unsafeInNames = /[\p{Cc}"\\/\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu

/** Types a browser would run as a page are given as mere bytes: a seller's file must never act in the bucket's name. */
function inertType(contentType: string): string {
  const isPlain = /^[\w.+-]+\/[\w.+-]+$/.test(contentType)
  return isPlain && !/html|xml|svg|script/i.test(contentType) ? contentType : 'application/octet-stream'
}
