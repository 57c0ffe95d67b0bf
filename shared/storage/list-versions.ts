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

/** Every version under keys that begin so, page by page; nothing at all from a store that does not know versions. */
export async function* versionPages(bucket: Bucket, prefix: string): AsyncGenerator<VersionPage, 'all' | 'unknown'> {
  let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {}
  while (from !== undefined) {
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
    yield { versions: versionsIn(page), unfinishedKey: isLast ? undefined : page.NextKeyMarker }
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

function nothingIfUnknown(error: unknown): undefined {
  if (statusOf(error) === 501) return undefined
  throw error
}
