import { randomBytes, randomUUID } from 'node:crypto'
import { constants, createReadStream, mkdirSync, type ReadStream } from 'node:fs'
import { copyFile, link, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Document, type PhotoSize } from './bot-api.ts'
import { badRequest } from './errors.ts'
import { cleanFileName, extension, mediaType, withoutPath } from './file-names.ts'
import { type Journal, type Table } from './journal.ts'
import { makeThumbnail, preparePhoto, readThumbnail, type Rendition, type Sender } from './pictures.ts'

/** A file some client sent; whoever received it deletes it once the call is over. */
export type Upload = { path: string; name: string; size: number }

type Kind = 'photo' | 'document' | 'thumbnail'

/** What a file id stands for: ids belong to one bot and one kind. */
export type FileRecord = {
  fileId: string
  uniqueId: string
  botId: number
  kind: Kind
  blob: string
  size: number
  mediaType: string
  name?: string | undefined
  /** Every size of the same photo. */
  photo?: PhotoSize[] | undefined
  document?: Document | undefined
  /** Where getFile offered it. */
  path?: string | undefined
}

const idPrefix: Record<Kind, string> = { photo: 'AgACAgQAAx', document: 'BQACAgQAAx', thumbnail: 'AAMCBAADG' }
const kindName: Record<Kind, string> = { photo: 'Photo', document: 'Document', thumbnail: 'Thumbnail' }

export const maxDownloadBytes = 20 * 1024 * 1024

/** The bytes bots and people sent, and the ids they are known by. */
export class Files {
  readonly #folder: string
  readonly #records: Table<FileRecord>
  readonly #byPath = new Map<string, FileRecord>()
  #lastPath = 0

  constructor(folder: string, journal: Journal) {
    this.#folder = path.join(folder, 'files')
    mkdirSync(this.#folder, { recursive: true })
    this.#records = journal.table<FileRecord>('files')
    for (const record of this.#records.values()) this.#rememberPath(record)
  }

  /** Keeps an upload as a photo: its sizes are made here, and the original is thrown away as Telegram does. */
  async addPhoto(botId: number, upload: Upload, sender: Sender): Promise<PhotoSize[]> {
    if (upload.size === 0) throw badRequest('File must be non-empty')
    const renditions = await preparePhoto(upload.path, sender)
    const records = await Promise.all(renditions.map((rendition) => this.#addPicture(botId, 'photo', rendition)))
    const photo = records.map(({ size }) => size)
    for (const { record } of records) this.#records.put(record.fileId, { ...record, photo })
    return photo
  }

  /** Keeps an upload as a document, with the thumbnail sent along or one of its own. Names given by people are not cleaned. */
  async addDocument(botId: number, upload: Upload, sender: Sender, thumbnail?: Upload): Promise<Document> {
    if (upload.size === 0) throw badRequest('File must be non-empty')
    const name = sender === 'bot' ? cleanFileName(upload.name) : withoutPath(upload.name)
    const type = mediaType(name)
    const given = thumbnail === undefined ? undefined : await readThumbnail(thumbnail.path)
    const rendition = given ?? (await makeThumbnail(upload.path, type))
    const blob = randomUUID()
    await this.#keep(upload.path, blob)
    const record = this.#newRecord(botId, 'document', blob, upload.size, type)
    const picture = rendition === undefined ? undefined : await this.#addPicture(botId, 'thumbnail', rendition)
    const document: Document = {
      file_name: name === '' ? undefined : name,
      mime_type: type,
      thumbnail: picture?.size,
      file_id: record.fileId,
      file_unique_id: record.uniqueId,
      file_size: upload.size,
    }
    this.#records.put(record.fileId, { ...record, name: name === '' ? undefined : name, document })
    return document
  }

  /** The file an id stands for; ids of another bot are unknown to this one. */
  find(botId: number, fileId: string): FileRecord | undefined {
    const record = this.#records.get(fileId)
    return record?.botId === botId ? record : undefined
  }

  findForPerson(fileId: string): FileRecord | undefined {
    return this.#records.get(fileId)
  }

  /** The photo or document an id stands for, or the refusal the server gives. */
  reuse(botId: number, fileId: string, kind: 'photo' | 'document'): FileRecord {
    if (/^https?:\/\//i.test(fileId)) throw badRequest('Failed to get HTTP URL content')
    const record = this.find(botId, fileId)
    if (record === undefined) throw badRequest('Wrong file identifier/HTTP URL specified')
    if (record.kind !== kind) throw badRequest(`Can't use file of type ${kindName[record.kind]} as ${kindName[kind]}`)
    return record
  }

  /** Where a bot may download the file from; small files only. */
  offer(record: FileRecord): string {
    if (record.size > maxDownloadBytes) throw badRequest('File is too big')
    if (record.path !== undefined) return record.path
    const ending = record.name === undefined ? 'jpg' : extension(record.name)
    const offered = `${record.kind}s/file_${++this.#lastPath}${ending === '' ? '' : `.${ending}`}`
    const changed = { ...record, path: offered }
    this.#records.put(record.fileId, changed)
    this.#rememberPath(changed)
    return offered
  }

  findByPath(botId: number, offered: string): FileRecord | undefined {
    return this.#byPath.get(`${botId}/${offered}`)
  }

  read(record: FileRecord): Promise<Buffer> {
    return readFile(this.#blobPath(record.blob))
  }

  stream(record: FileRecord): ReadStream {
    return createReadStream(this.#blobPath(record.blob))
  }

  /** A second name for the same bytes costs nothing; file systems without links copy. */
  async #keep(file: string, blob: string): Promise<void> {
    try {
      await link(file, this.#blobPath(blob))
    } catch {
      await copyFile(file, this.#blobPath(blob), constants.COPYFILE_FICLONE)
    }
  }

  async #addPicture(botId: number, kind: Kind, { bytes, width, height }: Rendition) {
    const blob = randomUUID()
    await writeFile(this.#blobPath(blob), bytes)
    const record = this.#newRecord(botId, kind, blob, bytes.length, 'image/jpeg')
    this.#records.put(record.fileId, record)
    const { fileId: file_id, uniqueId: file_unique_id, size: file_size } = record
    const size: PhotoSize = { file_id, file_unique_id, file_size, width, height }
    return { record, size }
  }

  #newRecord(botId: number, kind: Kind, blob: string, size: number, type: string): FileRecord {
    const fileId = idPrefix[kind] + randomBytes(42).toString('base64url')
    const uniqueId = (kind === 'document' ? 'AgAD' : 'AQAD') + randomBytes(9).toString('base64url')
    return { fileId, uniqueId, botId, kind, blob, size, mediaType: type }
  }

  #blobPath(blob: string): string {
    return path.join(this.#folder, blob)
  }

  #rememberPath(record: FileRecord): void {
    if (record.path === undefined) return
    this.#byPath.set(`${record.botId}/${record.path}`, record)
    this.#lastPath = Math.max(this.#lastPath, Number(/file_(\d+)/.exec(record.path)?.[1] ?? 0))
  }
}

/** An upload made from bytes at hand, for people and tests. */
export async function uploadFromBytes(folder: string, name: string, bytes: Uint8Array): Promise<Upload> {
  const file = path.join(folder, randomUUID())
  await writeFile(file, bytes)
  return { path: file, name, size: (await stat(file)).size }
}
