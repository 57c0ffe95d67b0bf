import { S3Error } from './s3-error.ts'

const longestLine = 4_096

/** The bytes inside an `aws-chunked` body; what follows the last chunk goes into `trailers`. */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = new Reader(source)
  for (let left = await chunkSize(reader); left > 0; left = await chunkSize(reader)) {
    while (left > 0) {
      const piece = await reader.take(left)
      left -= piece.length
      yield piece
    }
    if ((await reader.line()) !== '') throw new S3Error('IncompleteBody')
  }
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':')
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
}

async function chunkSize(reader: Reader): Promise<number> {
  const size = (await reader.line()).split(';')[0] ?? ''
  if (!/^[0-9a-f]{1,10}$/i.test(size)) throw new S3Error('IncompleteBody', 'A chunk does not begin with its size.')
  return Number.parseInt(size, 16)
}

class Reader {
  readonly #source: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async line(): Promise<string> {
    for (let end = this.#rest.indexOf('\r\n'); ; end = this.#rest.indexOf('\r\n')) {
      if (end >= 0) return this.#cut(end + 2).toString('latin1', 0, end)
      if (this.#rest.length > longestLine) throw new S3Error('IncompleteBody')
      this.#rest = Buffer.concat([this.#rest, await this.#more()])
    }
  }

  /** At least one byte, and at most `wanted`. */
  async take(wanted: number): Promise<Buffer> {
    while (this.#rest.length === 0) this.#rest = await this.#more()
    return this.#cut(Math.min(wanted, this.#rest.length))
  }

  #cut(length: number): Buffer {
    const piece = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(length)
    return piece
  }

  async #more(): Promise<Buffer> {
    const next = await this.#source.next()
    if (next.done === true) throw new S3Error('IncompleteBody')
    return next.value
  }
}
