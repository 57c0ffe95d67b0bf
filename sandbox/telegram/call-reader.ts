import { type FastifyRequest } from 'fastify'
import { type Upload } from './files.ts'
import { isObject } from './json.ts'
import { discardFiles, maxParamBytes, readForm, tooLarge } from './uploads.ts'

/** One request to the Bot API, with what was uploaded lying on disk. */
export type ReadCall = {
  values: Map<string, string>
  /** The parameters as they were sent, for the transcript. */
  sent: Map<string, unknown>
  files: Map<string, Upload>
}

/** Reads query, JSON, urlencoded and multipart parameters; the first of a name wins. */
export async function readCall(request: FastifyRequest, uploadFolder: string): Promise<ReadCall> {
  const form = await readForm(request, uploadFolder)
  const call: ReadCall = { values: new Map(), sent: new Map(), files: form?.files ?? new Map<string, Upload>() }
  for (const [name, value] of new URL(request.url, 'http://local').searchParams) keep(call, name, value)
  const inBody = form?.fields ?? (isObject(request.body) ? Object.entries(request.body) : [])
  for (const [name, value] of inBody) keep(call, name, value)
  const size = [...call.values].reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value), 0)
  if (size <= maxParamBytes) return call
  await discardFiles(call.files)
  throw tooLarge()
}

function keep({ values, sent }: ReadCall, name: string, value: unknown): void {
  if (values.has(name)) return
  values.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  sent.set(name, value)
}
