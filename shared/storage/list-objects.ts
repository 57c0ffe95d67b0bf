import { paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { type Bucket } from './bucket.ts'
import { classify } from './errors.ts'
import { type ListedVersion, versionPages } from './list-versions.ts'

export type ListedObject = { readonly key: string; readonly sizeBytes: number; readonly modifiedAt: Date | undefined }

/** All versions of an object together. `isHidden`: the newest thing said of it is that it was deleted. */
export type KeptObject = ListedObject & { readonly isHidden: boolean }

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

/**
 * Whatever takes space under keys that begin so, in the order of the keys: all versions together, those that are only hidden
 * included, and when the newest of them was made.
 */
export async function* listKept(bucket: Bucket, prefix: string): AsyncGenerator<KeptObject> {
  const pages = versionPages(bucket, prefix)
  let unfinished: ListedVersion[] = []
  for (let page = await pages.next(); ; page = await pages.next()) {
    if (page.done === true) {
      if (page.value === 'unknown')
        for await (const one of listObjects(bucket, prefix)) yield { ...one, isHidden: false }
      return
    }
    const { versions, unfinishedKey } = page.value
    const byKey = Map.groupBy([...unfinished, ...versions], ({ key }) => key)
    unfinished = unfinishedKey === undefined ? [] : (byKey.get(unfinishedKey) ?? [])
    const keys = [...byKey.keys()].filter((key) => key !== unfinishedKey).sort(inByteOrder)
    for (const key of keys) yield together(key, byKey.get(key) ?? [])
  }
}

const inByteOrder = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))

function together(key: string, versions: readonly ListedVersion[]): KeptObject {
  const times = versions.flatMap(({ modifiedAt }) => (modifiedAt === undefined ? [] : [modifiedAt.getTime()]))
  return {
    key,
    sizeBytes: versions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    modifiedAt: times.length < versions.length ? undefined : new Date(Math.max(...times)),
    isHidden: versions.some(({ isLatest, isHidden }) => isLatest && isHidden),
  }
}
