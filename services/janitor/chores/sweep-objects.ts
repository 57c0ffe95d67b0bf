import { isUploadKnown, listPromisedObjects, listUnnamedKeys } from '../../../shared/db/chores/sweep-objects.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { type KeptObject, type UnfinishedUpload } from '../../../shared/storage/object-store.ts'
import { type Chore, type ChoreDeps, type Found, hours, inPages } from '../chore.ts'
import { type Lost, reportLost } from './report-lost.ts'

/** Where our objects lie; whatever else is in the bucket is none of our business. */
const prefixes = ['images/', 'originals/', 'previews/'] as const
const youngMs = hours(48)
const pageSize = 1000

/** Objects that no row names go; rows whose object is missing are told, and never deleted. */
export const sweepObjects: Chore = {
  name: 'sweep-objects',
  when: { weeklyAtUtc: '05:00', weekday: 0 },
  mostMs: hours(2),
  does: 'deletes objects older than 48 h that nothing names, and tells of objects that are missing',
  run: async (deps, found) => {
    const seen = await look(deps, found)
    await refuseIfImplausible(deps, seen)
    let changed = 0
    for (const keys of inPages(seen.orphans, pageSize)) changed += await removeUnnamed(deps, keys)
    for (const upload of seen.uploads) await deps.bucket.abortMultipart(upload)
    for (const lost of seen.lost) changed += await reportLost(deps, lost)
    return { checked: seen.checked, changed: changed + seen.uploads.length, failed: 0 }
  },
  preview: async (deps, found) => {
    const { checked } = await look(deps, found)
    return { checked, changed: 0, failed: 0 }
  },
}

type Seen = {
  readonly checked: number
  readonly orphans: readonly string[]
  readonly uploads: readonly UnfinishedUpload[]
  readonly lost: readonly Lost[]
}

async function look(deps: ChoreDeps, found: Found): Promise<Seen> {
  const seen = { checked: 0, orphans: [] as string[], uploads: [] as UnfinishedUpload[], lost: [] as Lost[] }
  for (const prefix of prefixes) {
    let after = ''
    for await (const page of pages(deps, prefix)) {
      const upTo = page.length < pageSize ? null : (page.at(-1)?.key ?? null)
      seen.checked += page.length
      seen.orphans.push(
        ...(await listUnnamedKeys(
          deps.db,
          page.filter(isOld).map(({ key }) => key),
        )),
      )
      seen.lost.push(...(await listLost(deps, prefix, page, { after, upTo })))
      after = upTo ?? after
    }
  }
  for await (const upload of deps.bucket.listMultiparts('originals/')) {
    if (isOld({ modifiedAt: upload.begunAt }) && !(await isUploadKnown(deps.db, upload.uploadId, upload.key))) {
      seen.uploads.push(upload)
    }
  }
  for (const key of seen.orphans) found(`object ${key}`)
  for (const { key } of seen.uploads) found(`unfinished upload of ${key}`)
  for (const { key } of seen.lost) found(`missing object ${key}`)
  return seen
}

/** Full pages, and a last one that is not full, were it empty. */
async function* pages({ bucket, signal }: ChoreDeps, prefix: string): AsyncGenerator<KeptObject[]> {
  let page: KeptObject[] = []
  for await (const object of bucket.listKept(prefix)) {
    if (signal.aborted) return
    page.push(object)
    if (page.length < pageSize) continue
    yield page
    page = []
  }
  yield page
}

const isOld = ({ modifiedAt }: { readonly modifiedAt: Date | undefined }): boolean =>
  modifiedAt !== undefined && Date.now() - modifiedAt.getTime() > youngMs

/** What ought to be in this part of the listing and is not; the listing may be late, so each is asked for. */
async function listLost(
  { db, bucket }: ChoreDeps,
  prefix: string,
  page: readonly KeptObject[],
  range: { readonly after: string; readonly upTo: string | null },
): Promise<Lost[]> {
  const visible = new Set(page.filter(({ isHidden }) => !isHidden).map(({ key }) => key))
  const promised = await listPromisedObjects(db, prefix, range)
  const lost: Lost[] = []
  for (const object of promised.filter(({ key }) => !visible.has(key))) {
    if ((await bucket.head(object.key)) === undefined) lost.push({ ...object, reason: 'it is not in the bucket' })
  }
  return lost
}

/**
 * A database that names hardly anything of a full bucket is more likely the wrong one, or an old backup, than a bucket full
 * of rubbish.
 */
async function refuseIfImplausible({ db }: ChoreDeps, { checked, orphans }: Seen): Promise<void> {
  if (orphans.length <= 100 || orphans.length * 2 <= checked) return
  const facts = { orphans: String(orphans.length), checked: String(checked) }
  await alertAdmins(db, 'sweep-objects', { about: 'refused sweep', ...facts }, { ref: '' })
  throw new Error(
    `The sweep would delete ${orphans.length} of ${checked} objects and did nothing: is this the right database for this bucket?`,
  )
}

/** Asked once more at the last moment: what was named meanwhile stays. */
async function removeUnnamed({ db, bucket, signal }: ChoreDeps, keys: readonly string[]): Promise<number> {
  let removed = 0
  for (const key of await listUnnamedKeys(db, keys)) {
    if (signal.aborted) break
    await bucket.remove(key)
    await failpoint('janitor.orphan-removed')
    removed += 1
  }
  return removed
}
