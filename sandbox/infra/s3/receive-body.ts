import { createHash, randomUUID, type Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { decodeAwsChunked } from './aws-chunked.ts'
import { S3Error } from './s3-error.ts'

const largestBody = 5 * 1024 ** 3
const chunkedPayload = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

/** A body that arrived whole and as announced, in a file of its own. */
export type Received = { readonly path: string; readonly size: number; readonly md5: string }

/** Streams a body to disk, and keeps it only if it is what the headers promised. */
export async function receiveBody(request: IncomingMessage, payloadHash: string, folder: string): Promise<Received> {
  const path = join(folder, randomUUID())
  const sums = new Sums()
  const trailers = new Map<string, string>()
  const expectedSize = announcedSize(request, payloadHash)
  try {
    const decoded =
      payloadHash === chunkedPayload ? decodeAwsChunked(request, trailers) : (request as AsyncIterable<Buffer>)
    await pipeline(sums.watch(decoded, expectedSize), createWriteStream(path, { flags: 'wx' }))
    checkSums(request, trailers, payloadHash, sums.finish(), expectedSize)
    return { path, size: sums.size, md5: sums.finish().md5.toString('hex') }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

/** A small text body, for the few requests that carry one. */
export async function receiveText(
  request: IncomingMessage,
  payloadHash: string,
  limit = 2 * 1024 ** 2,
): Promise<string> {
  const expectedSize = announcedSize(request, payloadHash)
  if (expectedSize > limit) throw new S3Error('EntityTooLarge')
  const sums = new Sums()
  const pieces: Buffer[] = []
  for await (const piece of sums.watch(request as AsyncIterable<Buffer>, expectedSize)) pieces.push(piece)
  checkSums(request, new Map(), payloadHash, sums.finish(), expectedSize)
  return Buffer.concat(pieces).toString('utf8')
}

function announcedSize({ headers }: IncomingMessage, payloadHash: string): number {
  const isChunked = payloadHash === chunkedPayload
  if (!isChunked && payloadHash.startsWith('STREAMING-'))
    throw new S3Error('NotImplemented', `${payloadHash} is not accepted.`)
  const announced = isChunked ? headers['x-amz-decoded-content-length'] : headers['content-length']
  if (announced === undefined) throw new S3Error('MissingContentLength')
  const size = Number(announced)
  if (!Number.isSafeInteger(size) || size < 0) throw new S3Error('InvalidArgument', 'The length is not a number.')
  if (size > largestBody) throw new S3Error('EntityTooLarge')
  return size
}

type Digests = {
  readonly size: number
  readonly md5: Buffer
  readonly sha256: Buffer
  readonly sha1: Buffer
  readonly crc32: Buffer
}

function checkSums(
  { headers }: IncomingMessage,
  trailers: ReadonlyMap<string, string>,
  payloadHash: string,
  found: Digests,
  expectedSize: number,
): void {
  if (found.size !== expectedSize) throw new S3Error('IncompleteBody')
  const md5 = headers['content-md5']
  if (typeof md5 === 'string') {
    if (Buffer.from(md5, 'base64').length !== 16) throw new S3Error('InvalidDigest')
    if (found.md5.toString('base64') !== md5) throw new S3Error('BadDigest')
  }
  if (/^[0-9a-f]{64}$/.test(payloadHash)) {
    if (found.sha256.toString('hex') !== payloadHash) throw new S3Error('XAmzContentSHA256Mismatch')
  } else if (payloadHash !== 'UNSIGNED-PAYLOAD' && payloadHash !== chunkedPayload) {
    throw new S3Error('InvalidArgument', 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD or a valid sha256 value.')
  }
  for (const [name, value] of [...Object.entries(headers), ...trailers]) checkChecksum(name, String(value), found)
}

function checkChecksum(name: string, value: string, found: Digests): void {
  const kind = /^x-amz-checksum-(?!type$|algorithm$)(.+)$/.exec(name)?.[1]
  if (kind === undefined) return
  if (kind !== 'crc32' && kind !== 'sha1' && kind !== 'sha256')
    throw new S3Error('InvalidArgument', `Unsupported header: ${name}`)
  if (found[kind].toString('base64') !== value)
    throw new S3Error('BadDigest', `The ${name} you specified did not match.`)
}

class Sums {
  size = 0
  readonly #hashes: Readonly<Record<'md5' | 'sha1' | 'sha256', Hash>> = {
    md5: createHash('md5'),
    sha1: createHash('sha1'),
    sha256: createHash('sha256'),
  }
  #crc32 = 0
  #digests: Digests | undefined

  async *watch(source: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      this.size += piece.length
      if (this.size > limit) throw new S3Error('IncompleteBody')
      for (const hash of Object.values(this.#hashes)) hash.update(piece)
      this.#crc32 = crc32(piece, this.#crc32)
      yield piece
    }
  }

  finish(): Digests {
    const { md5, sha1, sha256 } = this.#hashes
    const crc = Buffer.alloc(4)
    crc.writeUInt32BE(this.#crc32)
    this.#digests ??= { size: this.size, md5: md5.digest(), sha1: sha1.digest(), sha256: sha256.digest(), crc32: crc }
    return this.#digests
  }
}
