import { answer, answerXml, type Exchange } from './exchange.ts'
import { S3Error } from './s3-error.ts'
import { type Version } from './version-store.ts'
import { type XmlChild } from './xml.ts'

const longestPage = 1_000

/** The bucket is there, and the caller may use it. */
export function headBucket(exchange: Exchange): void {
  answer(exchange, 200)
}

/** Visible objects, version 2 of the listing. */
export function listObjects(exchange: Exchange): void {
  const { versions, bucket, query } = exchange
  if (query.get('list-type') !== '2' || query.has('delimiter')) {
    throw new S3Error('NotImplemented', 'Only ListObjectsV2 without a delimiter is implemented.')
  }
  const prefix = query.get('prefix') ?? ''
  const after = fromToken(query.get('continuation-token')) ?? query.get('start-after') ?? ''
  const rest = versions
    .keys()
    .filter((key) => key.startsWith(prefix) && isAfter(key, after))
    .flatMap((key) => versions.find(key) ?? [])
    .filter(({ isHidden }) => !isHidden)
  const page = rest.slice(0, pageSize(exchange))
  const isTruncated = rest.length > page.length
  answerXml(exchange, 'ListBucketResult', [
    ['Name', bucket],
    ['Prefix', prefix],
    ['KeyCount', page.length],
    ['MaxKeys', pageSize(exchange)],
    ['IsTruncated', isTruncated],
    ...(isTruncated ? [['NextContinuationToken', toToken(page.at(-1)?.key ?? '')] as const] : []),
    ...page.map((version) => ['Contents', described(version)] as const),
  ])
}

/** Every version and every mark that hides one, by key, the newest first. */
export function listVersions(exchange: Exchange): void {
  const { versions, bucket, query } = exchange
  const prefix = query.get('prefix') ?? ''
  const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('version-id-marker')]
  const rest = versions
    .keys()
    .filter((key) => key.startsWith(prefix))
    .flatMap((key) => versions.versions(key))
    .filter(({ key, id }) => isAfter(key, keyMarker) || (key === keyMarker && idMarker !== null && id < idMarker))
  const page = rest.slice(0, pageSize(exchange))
  const last = page.at(-1)
  const isTruncated = rest.length > page.length && last !== undefined
  const next: XmlChild[] = isTruncated
    ? [
        ['NextKeyMarker', last.key],
        ['NextVersionIdMarker', last.id],
      ]
    : []
  answerXml(exchange, 'ListVersionsResult', [
    ['Name', bucket],
    ['Prefix', prefix],
    ['KeyMarker', keyMarker],
    ['MaxKeys', pageSize(exchange)],
    ['IsTruncated', isTruncated],
    ...next,
    ...page.map((version) => versionElement(version, versions.find(version.key)?.id === version.id)),
  ])
}

/** Uploads in parts that nobody completed or gave up. */
export function listUploads(exchange: Exchange): void {
  const prefix = exchange.query.get('prefix') ?? ''
  const found = exchange.uploads.list().filter(({ key }) => key.startsWith(prefix))
  answerXml(exchange, 'ListMultipartUploadsResult', [
    ['Bucket', exchange.bucket],
    ['Prefix', prefix],
    ['IsTruncated', false],
    ...found.map(
      ({ id, key, begunAt }) =>
        [
          'Upload',
          [
            ['Key', key],
            ['UploadId', id],
            ['Initiated', begunAt],
          ],
        ] as const,
    ),
  ])
}

const versionElement = (version: Version, isLatest: boolean): XmlChild => {
  const name: XmlChild[] = [
    ['VersionId', version.id],
    ['IsLatest', isLatest],
  ]
  return version.isHidden
    ? ['DeleteMarker', [['Key', version.key], ...name, ['LastModified', version.modifiedAt]]]
    : ['Version', [...described(version), ...name]]
}

const described = ({ key, modifiedAt, etag, size }: Version): XmlChild[] => [
  ['Key', key],
  ['LastModified', modifiedAt],
  ['ETag', `"${etag}"`],
  ['Size', size],
  ['StorageClass', 'STANDARD'],
]

function pageSize({ query }: Exchange): number {
  const asked = Number(query.get('max-keys') ?? longestPage)
  if (!Number.isInteger(asked) || asked < 0) throw new S3Error('InvalidArgument', 'max-keys is not a number.')
  return Math.min(asked, longestPage)
}

const isAfter = (key: string, marker: string): boolean => Buffer.compare(Buffer.from(key), Buffer.from(marker)) > 0
const toToken = (key: string): string => Buffer.from(key).toString('base64url')
const fromToken = (token: string | null): string | undefined =>
  token === null ? undefined : Buffer.from(token, 'base64url').toString('utf8')
