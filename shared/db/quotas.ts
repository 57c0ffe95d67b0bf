import { type PersonId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** What a seller's files take of their quota. `retained`: versions kept only for people who bought them. */
export type Quota = {
  readonly quotaBytes: bigint
  readonly usedBytes: bigint
  readonly reservedBytes: bigint
  readonly retainedBytes: bigint
}

export async function findQuota(db: Queryable, seller: PersonId): Promise<Quota | undefined> {
  const { rows } = await db.query<Quota>(
    `select quota_bytes as "quotaBytes", used_bytes as "usedBytes", reserved_bytes as "reservedBytes",
            retained_bytes as "retainedBytes"
       from sellers
      where user_id = $1`,
    [seller],
  )
  return rows[0]
}

/**
 * Holds room for what is about to arrive, in place of what was held before; false, and nothing changed, when there is none,
 * however many ask at once.
 */
export async function reserveBytes(tx: Queryable, seller: PersonId, bytes: bigint, inPlaceOf = 0n): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update sellers
        set reserved_bytes = reserved_bytes + $2 - $3
      where user_id = $1
        and used_bytes + reserved_bytes + $2 - $3 <= quota_bytes
        and retained_bytes <= 3 * quota_bytes`,
    [seller, bytes, inPlaceOf],
  )
  return rowCount === 1
}

/** What arrived takes the place of what was held for it; `used` is 0 when nothing was kept. */
export async function settleBytes(
  tx: Queryable,
  seller: PersonId,
  { reserved, used }: { readonly reserved: bigint; readonly used: bigint },
): Promise<void> {
  await tx.query(
    `update sellers
        set reserved_bytes = reserved_bytes - $2, used_bytes = used_bytes + $3
      where user_id = $1`,
    [seller, reserved, used],
  )
}

/**
 * Room is free again; what is kept for people who bought it is counted apart. Never below nothing: a count that drifted is
 * the recount's to put right, and no reason to refuse.
 */
export async function freeBytes(
  tx: Queryable,
  seller: PersonId,
  { used, retained = 0n }: { readonly used: bigint; readonly retained?: bigint },
): Promise<void> {
  await tx.query(
    `update sellers
        set used_bytes = greatest(used_bytes - $2, 0), retained_bytes = retained_bytes + $3
      where user_id = $1`,
    [seller, used, retained],
  )
}
