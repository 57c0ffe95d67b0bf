import { createHash } from 'node:crypto'
import { ObjectCorrupt } from './errors.ts'

/** What an object was when it was stored: kept in our tables, and demanded of every later read. */
export type StoredObject = { readonly sizeBytes: number; readonly sha256: string; readonly md5: string }

const slowestBytesPerMs = 128 // a megabit a second

/** How long so many bytes may take on their way. */
export const sendingMs = (sizeBytes: number): number => Math.ceil(sizeBytes / slowestBytesPerMs)

/** Reads to the end to learn what it is. */
export async function sumsOf(pieces: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<StoredObject> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  let sizeBytes = 0
  for await (const piece of pieces) {
    sizeBytes += piece.length
    sha256.update(piece)
    md5.update(piece)
  }
  return { sizeBytes, sha256: sha256.digest('hex'), md5: md5.digest('hex') }
}

/** As `Content-MD5` wants it. */
export const inBase64 = (md5: string): string => Buffer.from(md5, 'hex').toString('base64')

/** An ETag of another form, as encrypting stores give, says nothing about the bytes. */
export function checkEtag(key: string, etag: string | undefined, md5: string): void {
  const found = etag?.replaceAll('"', '').toLowerCase()
  if (found !== undefined && /^[0-9a-f]{32}$/.test(found) && found !== md5) {
    throw new ObjectCorrupt(key, `expected MD5 ${md5}, the bucket kept ${found}`)
  }
}
