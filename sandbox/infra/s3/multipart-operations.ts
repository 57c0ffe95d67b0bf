import { answer, answerXml, type Exchange } from './exchange.ts'
import { headersToKeep } from './object-operations.ts'
import { receiveBody, receiveText } from './receive-body.ts'
import { S3Error } from './s3-error.ts'
import { type NamedPart, type Upload } from './upload-store.ts'
import { xmlTexts } from './xml.ts'

const mostParts = 10_000

export async function createMultipartUpload(exchange: Exchange): Promise<void> {
  const { bucket, key, uploads } = exchange
  const upload = await uploads.begin(key, headersToKeep(exchange))
  answerXml(exchange, 'InitiateMultipartUploadResult', [
    ['Bucket', bucket],
    ['Key', key],
    ['UploadId', upload.id],
  ])
}

export async function uploadPart(exchange: Exchange): Promise<void> {
  const { request, payloadHash, uploads, versions, query } = exchange
  if (request.headers['x-amz-copy-source'] !== undefined) throw new S3Error('NotImplemented')
  const upload = findUpload(exchange)
  const number = Number(query.get('partNumber'))
  if (!Number.isInteger(number) || number < 1 || number > mostParts) {
    throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${mostParts}, inclusive`)
  }
  const received = await receiveBody(request, payloadHash, versions.incoming)
  const { etag } = await uploads.keepPart(upload, number, received)
  answer(exchange, 200, { etag: `"${etag}"` })
}

export async function completeMultipartUpload(exchange: Exchange): Promise<void> {
  const { request, payloadHash, uploads, versions, bucket, key } = exchange
  const upload = findUpload(exchange)
  const joined = await uploads.join(upload, namedParts(await receiveText(request, payloadHash)), versions.incoming)
  const version = await versions.keep(key, joined, joined.etag, upload.headers)
  await uploads.abort(upload)
  answerXml(exchange, 'CompleteMultipartUploadResult', [
    ['Location', `/${bucket}/${key}`],
    ['Bucket', bucket],
    ['Key', key],
    ['ETag', `"${version.etag}"`],
  ])
}

export async function abortMultipartUpload(exchange: Exchange): Promise<void> {
  await exchange.uploads.abort(findUpload(exchange))
  answer(exchange, 204)
}

export function listParts(exchange: Exchange): void {
  const { uploads, bucket, key, query } = exchange
  const upload = findUpload(exchange)
  const after = Number(query.get('part-number-marker') ?? 0)
  const limit = Math.min(Number(query.get('max-parts') ?? 1_000), 1_000)
  const rest = uploads.parts(upload).filter(({ number }) => number > after)
  const page = rest.slice(0, limit)
  const isTruncated = rest.length > page.length
  answerXml(exchange, 'ListPartsResult', [
    ['Bucket', bucket],
    ['Key', key],
    ['UploadId', upload.id],
    ['MaxParts', limit],
    ['IsTruncated', isTruncated],
    ...(isTruncated ? [['NextPartNumberMarker', page.at(-1)?.number ?? after] as const] : []),
    ...page.map(
      ({ number, etag, size, modifiedAt }) =>
        [
          'Part',
          [
            ['PartNumber', number],
            ['LastModified', modifiedAt],
            ['ETag', `"${etag}"`],
            ['Size', size],
          ],
        ] as const,
    ),
  ])
}

const findUpload = ({ uploads, query, key }: Exchange): Upload => uploads.find(query.get('uploadId') ?? '', key)

function namedParts(xml: string): NamedPart[] {
  const parts = xmlTexts(xml, 'Part').map((part) => ({
    number: Number(xmlTexts(part, 'PartNumber')[0]),
    etag: (xmlTexts(part, 'ETag')[0] ?? '').replaceAll('"', ''),
  }))
  if (parts.length === 0 || parts.some(({ number }) => !Number.isInteger(number))) throw new S3Error('MalformedXML')
  return parts
}
