import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Logger } from 'pino'
import { type Exchange } from './exchange.ts'
import { type Fault, type Faults, type Operation } from './faults.ts'
import { headBucket, listObjects, listUploads, listVersions } from './list-operations.ts'
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listParts,
  uploadPart,
} from './multipart-operations.ts'
import { deleteObject, getObject, headObject, putObject } from './object-operations.ts'
import { S3Error } from './s3-error.ts'
import { type Address, checkSignature, type Credentials, decode } from './signature.ts'
import { type UploadStore } from './upload-store.ts'
import { type VersionStore } from './version-store.ts'
import { xmlError } from './xml.ts'

export type BucketServer = {
  readonly bucket: string
  readonly credentials: Credentials
  readonly versions: VersionStore
  readonly uploads: UploadStore
  readonly faults: Faults
  /** The origins whose pages may use signed links, as the rules of a real bucket name them. */
  readonly allowedOrigins: readonly string[]
  readonly log: Logger
}

/** Answers one request: who asks, what for, then the operation; errors in S3's own words. */
export async function handleRequest(
  server: BucketServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const isAllowed = allowBrowsers(server, request, response)
  try {
    if (request.method === 'OPTIONS') {
      answerPreflight(isAllowed, response)
      return
    }
    const address = parseAddress(request)
    const payloadHash = checkSignature(request, address, server.credentials)
    const { bucket, key } = parseName(address)
    const fault = server.faults.strike(operationOf(request, address, key), key)
    if (!goesOn(fault, response)) return
    if (bucket !== server.bucket) throw new S3Error('NoSuchBucket')
    if (fault === 'lost answer') response.end = () => response.destroy()
    const exchange = { ...server, ...address, request, response, key, payloadHash, fault }
    await findRoute(request, address, key)(exchange)
  } catch (error) {
    answerError(server, request, response, error)
  }
}

/** The upload page sends parts straight from the browser, and may read what each is called. */
function allowBrowsers(
  { allowedOrigins }: BucketServer,
  { headers }: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { origin } = headers
  if (origin === undefined || !allowedOrigins.some((allowed) => allowed === '*' || allowed === origin)) return false
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-allow-methods', 'GET, HEAD, PUT')
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '*')
  response.setHeader('access-control-expose-headers', 'ETag')
  response.setHeader('access-control-max-age', '3600')
  response.setHeader('vary', 'Origin')
  return true
}

function answerPreflight(isAllowed: boolean, response: ServerResponse): void {
  if (!isAllowed) throw new S3Error('AccessForbidden')
  response.writeHead(200).end()
}

function parseAddress({ url = '/' }: IncomingMessage): Address {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  return { path, query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1).replaceAll('+', '%2B')) }
}

function parseName({ path }: Address): { bucket: string; key: string } {
  const slash = path.indexOf('/', 1)
  return slash < 0
    ? { bucket: decode(path.slice(1)), key: '' }
    : { bucket: decode(path.slice(1, slash)), key: decode(path.slice(slash + 1)) }
}

function operationOf({ method }: IncomingMessage, { query }: Address, key: string): Operation {
  if (method === 'DELETE') return 'delete'
  if (method === 'PUT' && query.has('uploadId')) return 'part'
  if (method === 'PUT' || method === 'POST') return 'put'
  if (key === '' && method === 'GET') return 'list'
  return method === 'HEAD' ? 'head' : 'get'
}

/** Faults that come instead of an answer; false when the request ends here. */
function goesOn(fault: Fault['kind'] | undefined, response: ServerResponse): boolean {
  if (fault === 'slow down') throw new S3Error('SlowDown')
  if (fault === 'error') throw new S3Error('InternalError')
  if (fault === 'unavailable') throw new S3Error('ServiceUnavailable')
  if (fault === 'refuse') throw new S3Error('AccessDenied')
  if (fault === 'reset') response.destroy()
  return fault !== 'reset' && fault !== 'hang'
}

type Route = (exchange: Exchange) => void | Promise<void>

/** By method, and by the parameter that makes it another operation. */
const objectRoutes: Readonly<Record<string, Route>> = {
  HEAD: headObject,
  GET: getObject,
  'GET uploadId': listParts,
  PUT: putObject,
  'PUT uploadId': uploadPart,
  DELETE: deleteObject,
  'DELETE uploadId': abortMultipartUpload,
  'POST uploads': createMultipartUpload,
  'POST uploadId': completeMultipartUpload,
}

const bucketRoutes: Readonly<Record<string, Route>> = {
  HEAD: headBucket,
  GET: listObjects,
  'GET versions': listVersions,
  'GET uploads': listUploads,
}

function findRoute({ method = '' }: IncomingMessage, { query }: Address, key: string): Route {
  const parameter = ['uploadId', 'uploads', 'versions'].find((name) => query.has(name))
  const name = parameter === undefined ? method : `${method} ${parameter}`
  const route = (key === '' ? bucketRoutes : objectRoutes)[name]
  if (route === undefined) throw new S3Error('NotImplemented')
  return route
}

function answerError({ log }: BucketServer, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed || (request.destroyed && !request.complete)) {
    response.destroy() // the caller is gone, or has half of an answer
    return
  }
  const known = error instanceof S3Error ? error : new S3Error('InternalError', undefined, { cause: error })
  if (!(error instanceof S3Error)) log.warn({ err: error, method: request.method }, 'a request to the bucket failed')
  const text = request.method === 'HEAD' ? '' : xmlError(known.code, known.message)
  response.writeHead(known.status, { 'content-type': 'application/xml' }).end(text)
}
