import { BotApiError } from './errors.ts'
import { type PartHeader, readPartHeader } from './part-header.ts'

/** Receives the bytes of one part as they arrive. */
export type PartSink = { write(bytes: Buffer): Promise<void> | void; end(): Promise<void> | void }

const maxHeaderBytes = 32 * 1024

/** Reads a form part by part without holding files in memory; the next bytes are read when the sink is ready. */
export async function readMultipart(
  body: AsyncIterable<Buffer>,
  contentType: string,
  open: (part: PartHeader) => PartSink | Promise<PartSink>,
): Promise<void> {
  const boundary = readBoundary(contentType)
  const reader = new ByteReader(body)
  await reader.readUntil(Buffer.from(`--${boundary}`), ignore)
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  while (!(await reader.skip('--'))) {
    if (!(await reader.skip('\r\n'))) throw wrong('boundary in multipart/form-data is not followed by a line break')
    const sink = await open(readPartHeader(await readHeaders(reader)))
    await reader.readUntil(delimiter, sink)
    await sink.end()
  }
}

const wrong = (reason: string) => new BotApiError(400, `Bad Request: ${reason}`)

const ignore: PartSink = { write: () => undefined, end: () => undefined }

function readBoundary(contentType: string): string {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType)
  const value = boundary?.[1] ?? boundary?.[2] ?? ''
  if (value === '' || value.length > 200) throw wrong('boundary not found')
  return value
}

async function readHeaders(reader: ByteReader): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  await reader.readUntil(Buffer.from('\r\n\r\n'), {
    write(bytes) {
      size += bytes.length
      if (size > maxHeaderBytes) {
        throw new BotApiError(431, 'Request Header Fields Too Large: total headers size exceeded')
      }
      pieces.push(bytes)
    },
    end: () => undefined,
  })
  return Buffer.concat(pieces).toString('utf8')
}

/** Bytes from a stream, looked at a piece at a time. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>
  #held: Buffer = Buffer.alloc(0)

  constructor(body: AsyncIterable<Buffer>) {
    this.#source = body[Symbol.asyncIterator]()
  }

  /** Hands on everything before the delimiter, and goes past it. */
  async readUntil(delimiter: Buffer, sink: PartSink): Promise<void> {
    for (;;) {
      const found = this.#held.indexOf(delimiter)
      const end = found === -1 ? Math.max(0, this.#held.length - delimiter.length + 1) : found
      if (end > 0) await sink.write(this.#held.subarray(0, end))
      this.#held = this.#held.subarray(found === -1 ? end : end + delimiter.length)
      if (found !== -1) return
      await this.#more()
    }
  }

  /** Goes past a short text if it comes next. */
  async skip(text: string): Promise<boolean> {
    while (this.#held.length < text.length) await this.#more()
    if (this.#held.toString('latin1', 0, text.length) !== text) return false
    this.#held = this.#held.subarray(text.length)
    return true
  }

  async #more(): Promise<void> {
    const next = await this.#source.next()
    if (next.done === true) throw wrong('multipart/form-data ended unexpectedly')
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value])
  }
}
