import { createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type FastifyRequest } from 'fastify'
import { BotApiError } from './errors.ts'
import { type Upload } from './files.ts'
import { isObject } from './json.ts'

/** One request to the Bot API, with what was uploaded lying on disk. */
export type ReadCall = {
  values: Map<string, string>
  /** The parameters as they were sent, for the transcript. */
  sent: Map<string, unknown>
  files: Map<string, Upload>
}

export const maxUploadBytes = 50 * 1024 * 1024
const maxParamBytes = 1024 * 1024
const maxFiles = 50

const tooLarge = () => new BotApiError(413, 'Request Entity Too Large')

/** Reads query, JSON, urlencoded and multipart parameters; the first of a name wins. */
export async function readCall(request: FastifyRequest, uploadFolder: string): Promise<ReadCall> {
  const call: ReadCall = { values: new Map(), sent: new Map(), files: new Map() }
  for (const [name, value] of new URL(request.url, 'http://local').searchParams) keep(call, name, value)
  if (request.isMultipart()) await readMultipart(request, call, uploadFolder)
  else if (isObject(request.body)) for (const [name, value] of Object.entries(request.body)) keep(call, name, value)
  const size = [...call.values].reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value), 0)
  if (size > maxParamBytes) throw tooLarge()
  return call
}

/** Throws away what a call uploaded and no method took. */
export async function discardUploads({ files }: ReadCall): Promise<void> {
  await Promise.all([...files.values()].map((file) => rm(file.path, { force: true })))
}

function keep({ values, sent }: ReadCall, name: string, value: unknown): void {
  if (values.has(name)) return
  values.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  sent.set(name, value)
}

/** A part with a file name is a file and goes to disk; what is over the limit is read to the end, then refused. */
async function readMultipart(request: FastifyRequest, call: ReadCall, folder: string): Promise<void> {
  const limits = { fileSize: maxUploadBytes, files: maxFiles, fieldSize: maxParamBytes, parts: 1000 }
  let isTooLarge = false
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'field') {
        isTooLarge ||= part.valueTruncated
        keep(call, part.fieldname, part.value)
        continue
      }
      const file = path.join(folder, randomUUID())
      call.files.set(part.fieldname, { path: file, name: part.filename, size: 0 })
      await pipeline(part.file, createWriteStream(file, { mode: 0o600 }))
      isTooLarge ||= part.file.truncated
      call.files.set(part.fieldname, { path: file, name: part.filename, size: (await stat(file)).size })
    }
  } catch (cause) {
    await discardUploads(call)
    throw multipartError(cause)
  }
  if (!isTooLarge) return
  await discardUploads(call)
  throw tooLarge()
}

function multipartError(cause: unknown): unknown {
  const isOverLimit = cause instanceof Error && 'statusCode' in cause && cause.statusCode === 413
  if (isOverLimit) return tooLarge()
  const reason = cause instanceof Error ? cause.message : String(cause)
  return Object.assign(new BotApiError(400, `Bad Request: ${reason}`), { cause })
}
