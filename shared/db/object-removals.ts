import { type Queryable } from './pool.ts'

/** Why nobody needs an object any more. */
export type RemovalReason = 'product deleted' | 'rejected' | 'replaced' | 'purged' | 'orphan'

export type Removable = {
  readonly objectKey: string
  /** An upload of this key that was never finished. */
  readonly uploadId?: string | null
}

/**
 * Has objects removed, in the transaction that lets go of them: whatever dies afterwards, they go. The key of an image
 * (`images/<product>/<image>/…`) also names its local copy.
 */
export async function queueRemovals(
  tx: Queryable,
  objects: readonly Removable[],
  reason: RemovalReason,
): Promise<void> {
  if (objects.length === 0) return
  await tx.query(
    `insert into objects_to_remove (object_key, upload_id, reason)
     select distinct on (key) key, upload_id, $3
       from unnest($1::text[], $2::text[]) as gone (key, upload_id)
      order by key, upload_id nulls last
         on conflict (object_key) do update
        set upload_id = coalesce(excluded.upload_id, objects_to_remove.upload_id), next_try_at = clock_timestamp()`,
    [objects.map(({ objectKey }) => objectKey), objects.map(({ uploadId }) => uploadId ?? null), reason],
  )
}

/** An object that is to go now. */
export type DueRemoval = {
  readonly objectKey: string
  readonly uploadId: string | null
  readonly reason: RemovalReason
  readonly tries: number
}

const untilNextTry = `least(30 * 2 ^ least(tries, 12), 86400) * interval '1 second'`

/**
 * Takes the objects that have waited longest. Each is due again by itself, later each time, until it is noted as removed:
 * one that cannot be removed keeps nobody waiting, and removing twice is the same as once.
 */
export async function takeDueRemovals(db: Queryable, limit: number): Promise<DueRemoval[]> {
  const { rows } = await db.query<DueRemoval>(
    `update objects_to_remove
        set tries = tries + 1, next_try_at = clock_timestamp() + ${untilNextTry}
      where object_key in (select object_key
                             from objects_to_remove
                            where next_try_at <= clock_timestamp()
                            order by next_try_at
                            limit $1
                              for update skip locked)
  returning object_key as "objectKey", upload_id as "uploadId", reason, tries`,
    [limit],
  )
  return rows
}

/** What a run would take now. */
export async function listDueRemovals(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>(
    `select object_key as key from objects_to_remove where next_try_at <= clock_timestamp() order by next_try_at limit $1`,
    [limit],
  )
  return rows.map(({ key }) => key)
}

/** All versions of the object are gone. False when it was asked for again meanwhile: then it is due once more. */
export async function markRemoved(db: Queryable, { objectKey, tries }: DueRemoval): Promise<boolean> {
  const { rowCount } = await db.query(
    `delete from objects_to_remove
      where object_key = $1
        and tries = $2
        and next_try_at > clock_timestamp()`,
    [objectKey, tries],
  )
  return rowCount === 1
}

export async function countRemovals(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(`select count(*)::integer as count from objects_to_remove`)
  return rows[0]?.count ?? 0
}
