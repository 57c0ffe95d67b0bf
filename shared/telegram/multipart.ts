import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { safeFileName } from './file-name.ts'
import { formFields, type Params } from './params.ts'

/** A file to send: from the disk, where it is never read whole, or a few bytes at hand (a QR code). */
export type UploadFile = {
  readonly name: string
  readonly contentType: string
  readonly source: { readonly path: string } | { readonly bytes: Uint8Array }
}

type MeasuredFile = { readonly head: Buffer; readonly source: UploadFile['source']; readonly size: number }

/** A multipart form of known length that can be read any number of times. */
export class Multipart {
  readonly contentType: string
  readonly contentLength: number
  readonly #fields: Buffer
  readonly #files: readonly MeasuredFile[]
  readonly #end: Buffer

  constructor(boundary: string, fields: Buffer, files: readonly MeasuredFile[]) {
    this.contentType = `multipart/form-data; boundary=${boundary}`
    this.#fields = fields
    this.#files = files
    this.#end = Buffer.from(`--${boundary}--\r\n`)
    const fileBytes = files.reduce((sum, { head, size }) => sum + head.length + size + lineEnd.length, 0)
    this.contentLength = fields.length + fileBytes + this.#end.length
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    yield this.#fields
    for (const { head, source, size } of this.#files) {
      yield head
      yield* 'bytes' in source ? [source.bytes] : exactly(source.path, size)
      yield lineEnd
    }
    yield this.#end
  }
}

const lineEnd = Buffer.from('\r\n')

/** Builds the form of a method with its files, each under the name its parameters refer to. */
export async function buildForm(params: Params, files: Readonly<Record<string, UploadFile>>): Promise<Multipart> {
  const boundary = `form-${randomUUID()}`
  const fields = formFields(params).map(([name, value]) => `${partHead(boundary, name)}\r\n${value}\r\n`)
  const measured: MeasuredFile[] = []
  for (const [name, file] of Object.entries(files)) measured.push(await measure(boundary, name, file))
  return new Multipart(boundary, Buffer.from(fields.join('')), measured)
}

async function measure(boundary: string, name: string, file: UploadFile): Promise<MeasuredFile> {
  const size = 'bytes' in file.source ? file.source.bytes.length : (await stat(file.source.path)).size
  if (size === 0) throw new Error('Expected a file with content, got an empty one: Telegram refuses those')
  const extra = `; filename="${safeFileName(file.name)}"`
  return { head: Buffer.from(`${partHead(boundary, name, extra)}${typeLine(file)}\r\n`), source: file.source, size }
}

function partHead(boundary: string, name: string, extra = ''): string {
  if (!/^\w+$/.test(name)) throw new Error(`Expected a plain field name, got ${JSON.stringify(name)}`)
  return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${extra}\r\n`
}

const typeLine = ({ contentType }: UploadFile): string =>
  `Content-Type: ${/^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType : 'application/octet-stream'}\r\n`

/** The file as it was measured. One that changed meanwhile is not what anybody checked: it must not be sent. */
async function* exactly(path: string, size: number): AsyncGenerator<Uint8Array> {
  let read = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    read += chunk.length
    if (read > size) break
    yield chunk
  }
  if (read !== size) throw new Error(`Expected a file of ${size} bytes, but its size changed while it was being sent`)
}
