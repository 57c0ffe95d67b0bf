import { DeleteObjectCommand, ListObjectVersionsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { type Bucket, call } from './bucket.ts'
import { classify, statusOf } from './errors.ts'

export type ListedObject = { readonly key: string; readonly sizeBytes: number; readonly modifiedAt: Date | undefined }

/** The objects whose keys begin so. Listings may be late: existence is asked with `head`. */
export async function* listObjects(bucket: Bucket, prefix: string): AsyncGenerator<ListedObject> {
  const pages = paginateListObjectsV2({ client: bucket.client }, { Bucket: bucket.name, Prefix: prefix })
  try {
    for await (const { Contents = [] } of pages) {
      for (const { Key, Size = 0, LastModified } of Contents) {
        if (Key !== undefined) yield { key: Key, sizeBytes: Size, modifiedAt: LastModified }
      }
    }
  } catch (error) {
    throw classify(error, 'list files', prefix)
  }
}

/** Removes an object for good: a plain delete only hides it where versions are kept. No error when there is none. */
export async function removeObject(bucket: Bucket, key: string): Promise<void> {
  const ids = await versionIds(bucket, key)
  for (const id of ids ?? [undefined]) await removeVersion(bucket, key, id)
}

async function removeVersion(bucket: Bucket, key: string, id: string | undefined): Promise<void> {
  const command = new DeleteObjectCommand({ Bucket: bucket.name, Key: key, VersionId: id })
  await call(bucket, { action: 'delete a file', key }, (abortSignal) => bucket.client.send(command, { abortSignal }))
}

/** Every version and every mark that hides one; nothing from a store that does not know versions. */
async function versionIds(bucket: Bucket, key: string): Promise<string[] | undefined> {
  const ids: string[] = []
  let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {}
  while (from !== undefined) {
    const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({
      Bucket: bucket.name,
      Prefix: key,
      ...from,
    })
    const page = await call(bucket, { action: 'list the versions of a file', key }, (abortSignal) =>
      bucket.client.send(command, { abortSignal }).catch(nothingIfUnknown),
    )
    if (page === undefined) return undefined
    const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]
    const own = found.filter(({ Key }) => Key === key) // the prefix of a key may be another key
    ids.push(...own.flatMap(({ VersionId }) => VersionId ?? []))
    from =
      page.IsTruncated === true && own.length > 0
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined
  }
  return ids
}

function nothingIfUnknown(error: unknown): undefined {
  if (statusOf(error) === 501) return undefined
  throw error
}
