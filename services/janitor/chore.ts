import { type Logger } from 'pino'
import { type ChoreReport } from '../../shared/db/chore-runs.ts'
import { type Database } from '../../shared/db/pool.ts'
import { type DatabaseConfig } from '../../shared/runtime/settings.ts'
import { type RetentionConfig } from '../../shared/runtime/shop-settings.ts'
import { type BucketState } from '../../shared/storage/check-bucket.ts'
import { type ObjectStore } from '../../shared/storage/object-store.ts'
import { type HouseFigures } from './figures.ts'

export type ChoreDeps = {
  readonly db: Database
  readonly log: Logger
  /** Aborted when the janitor stops or the chore has had its time. */
  readonly signal: AbortSignal
  readonly bucket: ObjectStore
  /** Where the pictures of this machine lie; other machines look after their own. */
  readonly dataDir: string
  readonly uploadsDir: string
  readonly retention: Pick<
    RetentionConfig,
    'deletedRetentionDays' | 'deletedQuietDays' | 'soldFilesRetentionDays' | 'backupRetentionDays' | 'backupKey'
  >
  /** Where `db` leads to, for the chore that needs a database beside it. */
  readonly database: DatabaseConfig
  readonly figures?: HouseFigures
  /** What the bucket said last; asked anew without it. */
  readonly bucketState?: () => Promise<BucketState>
  /** What a seller must have available to be paid; ten dollars without it. */
  readonly payoutMinCents?: bigint
}

/** When a chore's turn comes. Times of the day are UTC; weekdays count from Sunday, 0. */
export type Schedule =
  | { readonly everyMs: number }
  | { readonly dailyAtUtc: string }
  | { readonly weeklyAtUtc: string; readonly weekday: number }
  | { readonly monthlyAtUtc: string; readonly day: number }

/** Told by a chore while it works: one line per thing it changed, or would change in a dry run. */
export type Found = (what: string) => void

/** Something that happens even if nobody asks. It is safe to repeat and to kill, and a dry run changes nothing. */
export type Chore = {
  readonly name: string
  readonly when: Schedule
  /** How long one run may take; five minutes unless it says otherwise. */
  readonly mostMs?: number
  readonly does: string
  readonly run: (deps: ChoreDeps, found: Found) => Promise<ChoreReport>
  readonly preview: (deps: ChoreDeps, found: Found) => Promise<ChoreReport>
}

export const seconds = (count: number): number => count * 1000
export const minutes = (count: number): number => seconds(count * 60)
export const hours = (count: number): number => minutes(count * 60)

/** Repeats one batch until it comes back short or the time is up, and counts what changed. */
export async function inBatches(
  { signal }: Pick<ChoreDeps, 'signal'>,
  size: number,
  batch: (size: number) => Promise<number>,
): Promise<ChoreReport> {
  let changed = 0
  for (;;) {
    const done = await batch(size)
    changed += done
    if (done < size || signal.aborted) return { checked: changed, changed, failed: 0 }
  }
}

/** What a dry run reports: the same list, and nothing changed. */
export const onlyFound = (count: number): ChoreReport => ({ checked: count, changed: 0, failed: 0 })

/** A long list in pieces. */
export function* inPages<One>(all: readonly One[], size: number): Generator<readonly One[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size)
}
