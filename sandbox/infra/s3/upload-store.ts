import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Received } from './receive-body.ts'
import { S3Error } from './s3-error.ts'
import { type ObjectHeaders } from './version-store.ts'

export type Upload = {
  readonly id: string
  readonly key: string
  readonly headers: ObjectHeaders
  readonly begunAt: string
}
export type Part = {
  readonly number: number
  readonly etag: string
  readonly size: number
  readonly modifiedAt: string
}
export type NamedPart = { readonly number: number; readonly etag: string }

const smallestPart = 5 * 1024 ** 2

/** Uploads in parts that are not complete yet: a folder each, so that they survive a restart. */
export class UploadStore {
  readonly #folder: string
  readonly #uploads = new Map<string, { readonly upload: Upload; readonly parts: Map<number, Part> }>()

  constructor(dir: string) {
    this.#folder = join(dir, 'uploads')
  }

  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    for (const id of await readdir(this.#folder)) await this.#reopen(id)
  }

  list(): Upload[] {
    return [...this.#uploads.values()].map(({ upload }) => upload).sort((one, other) => (one.key < other.key ? -1 : 1))
  }

  find(id: string, key: string): Upload {
    const found = this.#uploads.get(id)
    if (found?.upload.key !== key) throw new S3Error('NoSuchUpload')
    return found.upload
  }

  parts({ id }: Upload): Part[] {
    return [...(this.#uploads.get(id)?.parts.values() ?? [])].sort((one, other) => one.number - other.number)
  }

  async begin(key: string, headers: ObjectHeaders): Promise<Upload> {
    const upload = { id: randomUUID(), key, headers, begunAt: new Date().toISOString() }
    await mkdir(join(this.#folder, upload.id))
    await this.#write(upload.id, 'upload', upload)
    this.#uploads.set(upload.id, { upload, parts: new Map() })
    return upload
  }

  async keepPart({ id, key }: Upload, number: number, { path, size, md5 }: Received): Promise<Part> {
    const part = { number, etag: md5, size, modifiedAt: new Date().toISOString() }
    await rename(path, this.#bytes(id, part))
    await this.#write(id, String(number), part)
    this.find(id, key)
    this.#uploads.get(id)?.parts.set(number, part)
    return part
  }

  async abort({ id }: Upload): Promise<void> {
    this.#uploads.delete(id)
    await rm(join(this.#folder, id), { recursive: true, force: true })
  }

  /** Joins the parts the caller names into one file, with the ETag S3 gives such objects. */
  async join(
    upload: Upload,
    named: readonly NamedPart[],
    into: string,
  ): Promise<{ path: string; size: number; etag: string }> {
    const parts = this.#choose(upload, named)
    const path = join(into, randomUUID())
    await pipeline(Readable.from(this.#bytesOf(upload, parts)), createWriteStream(path, { flags: 'wx' }))
    const sums = createHash('md5').update(Buffer.from(parts.map(({ etag }) => etag).join(''), 'hex'))
    const size = parts.reduce((sum, part) => sum + part.size, 0)
    return { path, size, etag: `${sums.digest('hex')}-${parts.length}` }
  }

  #choose(upload: Upload, named: readonly NamedPart[]): Part[] {
    const known = this.#uploads.get(upload.id)?.parts
    const parts = named.map(({ number, etag }) => {
      const part = known?.get(number)
      if (part?.etag !== etag) throw new S3Error('InvalidPart')
      return part
    })
    if (parts.some(({ number }, index) => number <= (parts[index - 1]?.number ?? 0)))
      throw new S3Error('InvalidPartOrder')
    if (parts.slice(0, -1).some(({ size }) => size < smallestPart)) throw new S3Error('EntityTooSmall')
    return parts
  }

  async *#bytesOf({ id }: Upload, parts: readonly Part[]): AsyncGenerator<Buffer> {
    for (const part of parts) yield* createReadStream(this.#bytes(id, part)) as AsyncIterable<Buffer>
  }

  async #reopen(id: string): Promise<void> {
    const names = await readdir(join(this.#folder, id))
    if (!names.includes('upload.json')) return rm(join(this.#folder, id), { recursive: true })
    const parts = new Map<number, Part>()
    for (const name of names.filter((name) => /^\d+\.json$/.test(name))) {
      const part = await this.#read<Part>(id, name)
      parts.set(part.number, part)
    }
    this.#uploads.set(id, { upload: await this.#read<Upload>(id, 'upload.json'), parts })
  }

  #bytes(id: string, { number, etag }: NamedPart): string {
    return join(this.#folder, id, `${number}-${etag}`)
  }

  async #read<Content>(id: string, name: string): Promise<Content> {
    return JSON.parse(await readFile(join(this.#folder, id, name), 'utf8')) as Content
  }

  async #write(id: string, name: string, content: Upload | Part): Promise<void> {
    const draft = join(this.#folder, id, `${name}.new`)
    await writeFile(draft, JSON.stringify(content))
    await rename(draft, join(this.#folder, id, `${name}.json`))
  }
}
