import { ListObjectVersionsCommand, type ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3'
import { type Bucket, call } from './bucket.ts'
import { statusOf } from './errors.ts'

/** One version of an object, or the mark that hides the versions before it. */
export type ListedVersion = {
  readonly key: string
  readonly id: string
  readonly isLatest: boolean
  readonly isHidden: boolean
  readonly sizeBytes: number
  readonly modifiedAt: Date | undefined
}

/** A page of what a bucket keeps, and the key whose versions go on in the next one. */
export type VersionPage = { readonly versions: readonly ListedVersion[]; readonly unfinishedKey: string | undefined }

/**
 * Every version under keys that begin so, page by page. 'unknown' from a store that does not know versions: some say so, some
 * answer with a list of something else, in which no version is found.
 */
export async function* versionPages(bucket: Bucket, prefix: string): AsyncGenerator<VersionPage, 'all' | 'unknown'> {
  let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {}
  for (let isFirst = true; from !== undefined; isFirst = false) {
    const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({
      Bucket: bucket.name,
      Prefix: prefix,
      ...from,
    })
    const page = await call(bucket, { action: 'list the versions of files', key: prefix }, (abortSignal) =>
      bucket.client.send(command, { abortSignal }).catch(nothingIfUnknown),
    )
    if (page === undefined) return 'unknown'
    const isLast = page.IsTruncated !== true
    const versions = versionsIn(page)
    if (isFirst && isLast && versions.length === 0) return 'unknown'
    yield { versions, unfinishedKey: isLast ? undefined : page.NextKeyMarker }
    from = isLast ? undefined : { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
  return 'all'
}

function versionsIn({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): ListedVersion[] {
  return [
    ...Versions.map((version) => ({ ...version, isHidden: false, Size: version.Size ?? 0 })),
    ...DeleteMarkers.map((mark) => ({ ...mark, isHidden: true, Size: 0 })),
  ].flatMap(({ Key, VersionId, IsLatest = false, isHidden, Size, LastModified }) =>
    Key === undefined || VersionId === undefined
      ? []
      : [{ key: Key, id: VersionId, isLatest: IsLatest, isHidden, sizeBytes: Size, modifiedAt: LastModified }],
  )
}

const unknownStatuses = [404, 405, 501]

function nothingIfUnknown(error: unknown): undefined {
  const name = error instanceof Error ? error.name : ''
  const isUnknown = unknownStatuses.includes(statusOf(error) ?? 0) && name !== 'NoSuchBucket'
  if (isUnknown || name === 'NotImplemented') return undefined
  throw error
}
