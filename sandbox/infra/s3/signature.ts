import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type IncomingMessage } from 'node:http'
import { S3Error } from './s3-error.ts'

/** The address as it was sent: `URL` would tidy up a path like `/a/../b`, which is a key here. */
export type Address = { readonly path: string; readonly query: URLSearchParams }

export type Credentials = { readonly accessKey: string; readonly secretKey: string }

type Claim = {
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  readonly timestamp: string
  readonly payloadHash: string
  /** Only links have it: how long they are good for. */
  readonly lifeSeconds?: number
}

const algorithm = 'AWS4-HMAC-SHA256'
const allowedSkewMs = 15 * 60_000
const longestLifeSeconds = 7 * 24 * 3_600

/** Lets nobody in without a valid Signature V4, in headers or in the address; answers with the hash the body must have. */
export function checkSignature(
  request: IncomingMessage,
  address: Address,
  { accessKey, secretKey }: Credentials,
): string {
  const claim = address.query.has('X-Amz-Algorithm') ? claimOfLink(address) : claimOfHeaders(request)
  const [keyId, date = '', region = '', service, ending] = claim.credential.split('/')
  if (keyId !== accessKey) throw new S3Error('InvalidAccessKeyId')
  const isForS3 = service === 's3' && ending === 'aws4_request' && claim.timestamp.startsWith(date)
  if (!isForS3 || !claim.signedHeaders.split(';').includes('host')) throw new S3Error('SignatureDoesNotMatch')
  checkTime(claim)
  const scope = `${date}/${region}/s3/aws4_request`
  const text = [algorithm, claim.timestamp, scope, sha256(canonicalRequest(request, address, claim))].join('\n')
  const key = [date, region, 's3', 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretKey}`))
  if (!isSame(hmac(key, text), claim.signature)) throw new S3Error('SignatureDoesNotMatch')
  return claim.payloadHash
}

function claimOfHeaders({ headers }: IncomingMessage): Claim {
  const { authorization } = headers
  if (authorization === undefined) throw new S3Error('AccessDenied')
  const found = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
    authorization,
  )
  if (found === null) throw new S3Error('AccessDenied', 'Only AWS4-HMAC-SHA256 authorization is accepted.')
  const [, credential = '', signedHeaders = '', signature = ''] = found
  const payloadHash = headers['x-amz-content-sha256']
  if (typeof payloadHash !== 'string') throw new S3Error('InvalidArgument', 'Missing header: x-amz-content-sha256')
  const signed = signedHeaders.split(';')
  const unsigned = Object.keys(headers).find((name) => name.startsWith('x-amz-') && !signed.includes(name))
  if (unsigned !== undefined)
    throw new S3Error('AccessDenied', `There were headers present which were not signed: ${unsigned}`)
  return { credential, signedHeaders, signature, payloadHash, timestamp: String(headers['x-amz-date'] ?? '') }
}

function claimOfLink(address: Address): Claim {
  const query = (name: string): string => address.query.get(`X-Amz-${name}`) ?? ''
  const lifeSeconds = Number(query('Expires'))
  const isValid = Number.isInteger(lifeSeconds) && lifeSeconds >= 1 && lifeSeconds <= longestLifeSeconds
  if (query('Algorithm') !== algorithm || !isValid || !/^[0-9a-f]{64}$/.test(query('Signature'))) {
    throw new S3Error('AccessDenied', 'The signed link is malformed.')
  }
  return {
    credential: query('Credential'),
    signedHeaders: query('SignedHeaders'),
    signature: query('Signature'),
    timestamp: query('Date'),
    payloadHash: query('Content-Sha256') || 'UNSIGNED-PAYLOAD',
    lifeSeconds,
  }
}

function checkTime({ timestamp, lifeSeconds }: Claim): void {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp)
  if (found === null) throw new S3Error('AccessDenied', 'The date of the signature is missing or malformed.')
  const [, year, month, day, hour, minute, second] = found.map(Number)
  const signedAt = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second)
  const ageMs = Date.now() - signedAt
  if (ageMs < -allowedSkewMs) throw new S3Error('RequestTimeTooSkewed')
  if (lifeSeconds === undefined && ageMs > allowedSkewMs) throw new S3Error('RequestTimeTooSkewed')
  if (lifeSeconds !== undefined && ageMs > lifeSeconds * 1_000) throw new S3Error('AccessDenied', 'Request has expired')
}

function canonicalRequest({ method = '', headers }: IncomingMessage, { path, query }: Address, claim: Claim): string {
  const names = claim.signedHeaders.split(';')
  const lines = names.map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replaceAll(/ +/g, ' ')}\n`,
  )
  const canonicalPath = path
    .split('/')
    .map((segment) => percentEncode(decode(segment)))
    .join('/')
  return [method, canonicalPath, canonicalQuery(query), lines.join(''), claim.signedHeaders, claim.payloadHash].join(
    '\n',
  )
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .sort()
    .join('&')
}

/** A path segment as the caller meant it. */
export function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (error) {
    throw new S3Error('InvalidURI', undefined, { cause: error })
  }
}

const percentEncode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const isSame = (expected: Buffer, hex: string): boolean => timingSafeEqual(expected, Buffer.from(hex, 'hex'))
