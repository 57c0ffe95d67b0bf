import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import path from 'node:path'
import { type FastifyRequest } from 'fastify'
import { BotApiError } from './errors.ts'
import { type Upload } from './files.ts'
import { type PartSink, readMultipart } from './multipart.ts'

export const maxUploadBytes = 50 * 1024 * 1024
export const maxParamBytes = 1024 * 1024
const maxFiles = 50

export const tooLarge = () => new BotApiError(413, 'Request Entity Too Large')

/** A form that was read: its texts, and its files on disk. */
export type Form = { fields: [name: string, value: string][]; files: Map<string, Upload> }

/** The body of a multipart request, still unread; undefined for other requests. */
export function multipartBody(
  request: FastifyRequest,
): { body: AsyncIterable<Buffer>; contentType: string } | undefined {
  const contentType = request.headers['content-type'] ?? ''
  if (!/^multipart\/form-data\b/i.test(contentType)) return undefined
  return { body: request.body as AsyncIterable<Buffer>, contentType }
}

/** People send larger files than bots may. */
export const maxUploadBytesOfPerson = 2000 * 1024 * 1024

/** Writes the files of a form to disk. What is too large is read to its end and then refused, so that the client hears it. */
export async function readForm(
  request: FastifyRequest,
  folder: string,
  maxFileBytes = maxUploadBytes,
): Promise<Form | undefined> {
  const multipart = multipartBody(request)
  if (multipart === undefined) return undefined
  const form: Form = { fields: [], files: new Map() }
  const budget: Budget = { params: maxParamBytes, fileBytes: maxFileBytes, isTooLarge: false, open: new Set() }
  try {
    await readMultipart(multipart.body, multipart.contentType, ({ name, fileName }) =>
      fileName === undefined ? fieldSink(form, name, budget) : fileSink(form, { name, fileName, folder }, budget),
    )
    if (budget.isTooLarge) throw tooLarge()
    return form
  } catch (cause) {
    request.raw.resume()
    await Promise.all([...budget.open].map((handle) => handle.close()))
    await discardFiles(form.files)
    if (cause instanceof BotApiError) throw cause
    throw Object.assign(new BotApiError(400, 'Bad Request: the request was cut off'), { cause })
  }
}

/** Throws away what was uploaded; what a method took it has copied. */
export async function discardFiles(files: Map<string, Upload>): Promise<void> {
  await Promise.all([...files.values()].map((file) => rm(file.path, { force: true })))
}

/** What a request may still send, and the files it has open. */
type Budget = { params: number; fileBytes: number; isTooLarge: boolean; open: Set<FileHandle> }

function fieldSink({ fields }: Form, name: string, budget: Budget): PartSink {
  const pieces: Buffer[] = []
  return {
    write(bytes) {
      budget.params -= bytes.length
      if (budget.params < 0) budget.isTooLarge = true
      else pieces.push(bytes)
    },
    end() {
      fields.push([name, Buffer.concat(pieces).toString('utf8')])
    },
  }
}

type FileTarget = { name: string; fileName: string; folder: string }

async function fileSink({ files }: Form, { name, fileName, folder }: FileTarget, budget: Budget): Promise<PartSink> {
  if (files.size >= maxFiles) budget.isTooLarge = true
  const upload = { path: path.join(folder, randomUUID()), name: fileName, size: 0 }
  if (!budget.isTooLarge && !files.has(name)) files.set(name, upload)
  const handle = await open(upload.path, 'w', 0o600)
  budget.open.add(handle)
  return {
    async write(bytes) {
      upload.size += bytes.length
      if (upload.size > budget.fileBytes) budget.isTooLarge = true
      if (!budget.isTooLarge) await handle.write(bytes)
    },
    async end() {
      budget.open.delete(handle)
      await handle.close()
      if (files.get(name) !== upload) await rm(upload.path, { force: true })
    },
  }
}
