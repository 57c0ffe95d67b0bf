import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { answer, type Exchange } from './exchange.ts'
import { receiveBody } from './receive-body.ts'
import { S3Error } from './s3-error.ts'
import { type ObjectHeaders, type Version } from './version-store.ts'

const keptHeaders = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
]

/** What an upload says about its object, and every download repeats. */
export function headersToKeep({ request: { headers } }: Exchange): ObjectHeaders {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' }
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string' || !(keptHeaders.includes(name) || name.startsWith('x-amz-meta-'))) continue
    const own = name === 'content-encoding' ? value.replace(/aws-chunked,?\s*/, '') : value
    if (own !== '') kept[name] = own
  }
  return kept
}

export async function putObject(exchange: Exchange): Promise<void> {
  const { request, payloadHash, versions, key } = exchange
  if (request.headers['x-amz-copy-source'] !== undefined) throw new S3Error('NotImplemented')
  const received = await receiveBody(request, payloadHash, versions.incoming)
  const version = await versions.keep(key, received, received.md5, headersToKeep(exchange))
  answer(exchange, 200, { etag: `"${version.etag}"`, 'x-amz-version-id': version.id })
}

export async function getObject(exchange: Exchange): Promise<void> {
  const version = findVisible(exchange)
  checkIfMatch(exchange, version)
  if (isUnchanged(exchange, version)) {
    answer(exchange, 304, { etag: `"${version.etag}"` })
    return
  }
  const range = readRange(exchange.request.headers.range, version.size)
  const first = range?.first ?? 0
  const length = (range?.last ?? version.size - 1) - first + 1
  exchange.response.writeHead(range === undefined ? 200 : 206, {
    ...headersOf(exchange, version),
    'content-length': length,
    ...(range === undefined ? {} : { 'content-range': `bytes ${first}-${range.last}/${version.size}` }),
  })
  if (length > 0) await sendBytes(exchange, version, first, length)
  else exchange.response.end()
}

export function headObject(exchange: Exchange): void {
  const version = findVisible(exchange)
  answer(exchange, 200, { ...headersOf(exchange, version), 'content-length': String(version.size) })
}

/** Without a version it only hides the object; a version named is gone. */
export async function deleteObject(exchange: Exchange): Promise<void> {
  const { versions, key, query } = exchange
  const id = query.get('versionId')
  if (id === null) {
    const mark = await versions.hide(key)
    answer(exchange, 204, { 'x-amz-version-id': mark.id, 'x-amz-delete-marker': 'true' })
    return
  }
  const version = versions.find(key, id)
  if (version !== undefined) await versions.remove(version)
  answer(exchange, 204, { 'x-amz-version-id': id })
}

function findVisible({ versions, key, query }: Exchange): Version {
  const id = query.get('versionId')
  const version = versions.find(key, id ?? undefined)
  if (version === undefined) throw new S3Error(id === null ? 'NoSuchKey' : 'NoSuchVersion')
  if (version.isHidden) throw new S3Error(id === null ? 'NoSuchKey' : 'MethodNotAllowed')
  return version
}

function checkIfMatch({ request: { headers } }: Exchange, { etag }: Version): void {
  const expected = headers['if-match']
  if (expected !== undefined && expected !== '*' && expected !== `"${etag}"`) throw new S3Error('PreconditionFailed')
}

const isUnchanged = ({ request: { headers } }: Exchange, { etag }: Version): boolean =>
  headers['if-none-match'] === '*' || headers['if-none-match'] === `"${etag}"`

function headersOf({ query }: Exchange, version: Version): Record<string, string> {
  const asked = keptHeaders.flatMap((name) => {
    const value = query.get(`response-${name}`)
    return value === null ? [] : [[name, value] as const]
  })
  return {
    ...version.headers,
    ...Object.fromEntries(asked),
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-version-id': version.id,
  }
}

/** One range of bytes; anything else in the header means the whole object, as the standard wants it. */
function readRange(header: string | undefined, size: number): { first: number; last: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return undefined
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from !== '' && to !== '' && Number(to) < first) return undefined
  if (first >= size || (from === '' && Number(to) === 0)) throw new S3Error('InvalidRange')
  return { first, last }
}

async function sendBytes(
  { versions, response, fault }: Exchange,
  version: Version,
  first: number,
  length: number,
): Promise<void> {
  const sent = fault === 'truncate' ? Math.floor(length / 2) : length
  const bytes = createReadStream(versions.path(version), { start: first, end: first + Math.max(sent, 1) - 1 })
  if (fault === 'truncate') {
    for await (const piece of bytes) response.write(piece)
    response.destroy()
    return
  }
  await pipeline(fault === 'corrupt' ? withOneWrongByte(bytes) : bytes, response)
}

async function* withOneWrongByte(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true
  for await (const piece of bytes) {
    if (isFirst) piece[0] = (piece[0] ?? 0) ^ 0xff
    isFirst = false
    yield piece
  }
}
