import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { type Bucket, call } from './bucket.ts'
import { headObject } from './head-object.ts'
import { type ListedVersion, versionPages } from './list-versions.ts'

/** Removes an object for good: a plain delete only hides it where versions are kept. No error when there is none. */
export async function removeObject(bucket: Bucket, key: string): Promise<void> {
  const versions = await versionsOf(bucket, key)
  for (const { id } of versions ?? []) await removeVersion(bucket, key, id)
  // where versions are kept, deleting what is not there would leave a mark for nothing
  if (versions === undefined && (await headObject(bucket, key)) !== undefined)
    await removeVersion(bucket, key, undefined)
}

/** Removes what a newer version of the same object replaced; the object itself stays. */
export async function removeOldVersions(bucket: Bucket, key: string): Promise<void> {
  const versions = (await versionsOf(bucket, key)) ?? []
  for (const { id } of versions.filter(({ isLatest }) => !isLatest)) await removeVersion(bucket, key, id)
}

async function removeVersion(bucket: Bucket, key: string, id: string | undefined): Promise<void> {
  const command = new DeleteObjectCommand({ Bucket: bucket.name, Key: key, VersionId: id })
  await call(bucket, { action: 'delete a file', key }, (abortSignal) => bucket.client.send(command, { abortSignal }))
}

/** Every version and every mark that hides one; undefined from a store that does not know versions, or none of these. */
async function versionsOf(bucket: Bucket, key: string): Promise<ListedVersion[] | undefined> {
  const found: ListedVersion[] = []
  const pages = versionPages(bucket, key)
  for (let page = await pages.next(); ; page = await pages.next()) {
    if (page.done === true) return page.value === 'unknown' ? undefined : found
    const own = page.value.versions.filter((version) => version.key === key) // the prefix of a key may be another key
    if (own.length === 0) return found
    found.push(...own)
  }
}
