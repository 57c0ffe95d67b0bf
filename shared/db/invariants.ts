import { type FindingId } from '../domain/ids.ts'
import { type InvariantName, invariantNames, type PayoutBlock } from '../domain/invariant.ts'
import { ofMoney } from './invariants/of-money.ts'
import { ofOrders } from './invariants/of-orders.ts'
import { ofProducts } from './invariants/of-products.ts'
import { type Queryable } from './pool.ts'

const questions: Readonly<Record<InvariantName, string>> = { ...ofMoney, ...ofOrders, ...ofProducts }

/** Beyond these a list helps nobody, and the count says enough. */
const mostRefs = 200

/** Something that must never be, how often it is, and where. */
export type BrokenInvariant = { readonly name: InvariantName; readonly count: number; readonly refs: readonly string[] }

/** Asks every question of the rows as they are now. */
export async function listBrokenInvariants(db: Queryable): Promise<BrokenInvariant[]> {
  const found: BrokenInvariant[] = []
  for (const name of invariantNames) {
    const { rows } = await db.query<{ count: number; refs: string[] }>(
      `select count(*)::integer as count, coalesce((array_agg(ref order by ref))[1:$1], '{}') as refs
         from (${questions[name]}) broken`,
      [mostRefs],
    )
    const [row] = rows
    if (row !== undefined && row.count > 0) found.push({ name, ...row })
  }
  return found
}

/**
 * Keeps what was found, ends what was not found any more, and returns what is to be told: what is new, or is worse than when it
 * was last told. What got worse blocks payouts again, whoever had acknowledged it before.
 */
export async function keepBrokenInvariants(
  tx: Queryable,
  found: readonly BrokenInvariant[],
): Promise<BrokenInvariant[]> {
  await tx.query(
    `update broken_invariants
        set cleared_at = clock_timestamp()
      where cleared_at is null
        and name <> all($1)`,
    [found.map(({ name }) => name)],
  )
  for (const one of found) await keepBroken(tx, one)
  const { rows } = await tx.query<BrokenInvariant>(
    `update broken_invariants
        set told_version = version
      where cleared_at is null
        and told_version < version
  returning name, count, refs`,
  )
  return rows
}

async function keepBroken(tx: Queryable, { name, count, refs }: BrokenInvariant): Promise<void> {
  const isWorse = `(excluded.count > b.count or not excluded.refs <@ b.refs)`
  await tx.query(
    `insert into broken_invariants as b (name, count, refs)
     values ($1, $2, $3)
         on conflict (name) where cleared_at is null
         do update
               set last_seen_at = clock_timestamp(),
                   count = excluded.count,
                   refs = excluded.refs,
                   version = b.version + case when ${isWorse} then 1 else 0 end,
                   acknowledged_at = case when ${isWorse} then null else b.acknowledged_at end,
                   acknowledged_by = case when ${isWorse} then null else b.acknowledged_by end`,
    [name, count, refs],
  )
}

/**
 * Why no seller may be paid now; empty when nothing speaks against it. Acknowledged findings do not, but that nobody has ever
 * looked, or not for hours, does: the janitor looks every hour.
 */
export async function payoutsBlockedBy(db: Queryable): Promise<PayoutBlock[]> {
  const { rows } = await db.query<{ name: PayoutBlock }>(
    `select name
       from broken_invariants
      where cleared_at is null
        and acknowledged_at is null
      union all
     select 'not-checked-lately'
       from (select max(started_at) as at
               from chore_runs
              where chore = 'check-invariants'
                and not dry_run
                and error is null) checked
      where checked.at is null
         or checked.at < clock_timestamp() - interval '3 hours'
      order by name`,
  )
  return rows.map(({ name }) => name)
}

/** What was found and does not hold yet, as administrators see it. `version` grows when it gets worse. */
export type Finding = BrokenInvariant & {
  readonly id: FindingId
  readonly version: number
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  readonly acknowledgedAt: Date | null
}

const findingColumns = `
       id, name, count, refs, version, first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt",
       acknowledged_at as "acknowledgedAt"`

/** Everything that does not hold at the moment, the oldest first. */
export async function listFindings(db: Queryable): Promise<Finding[]> {
  const { rows } = await db.query<Finding>(
    `select ${findingColumns} from broken_invariants where cleared_at is null order by first_seen_at, name`,
  )
  return rows
}

export async function findFinding(db: Queryable, id: FindingId): Promise<Finding | undefined> {
  const { rows } = await db.query<Finding>(
    `select ${findingColumns} from broken_invariants where id = $1 and cleared_at is null`,
    [id],
  )
  return rows[0]
}

/** Lets payouts go on in spite of a finding, as it was when it was read; undefined when it has changed or ended since. */
export async function acknowledgeFinding(
  tx: Queryable,
  { id, version, by }: { readonly id: FindingId; readonly version: number; readonly by: bigint },
): Promise<Finding | undefined> {
  const { rows } = await tx.query<Finding>(
    `update broken_invariants
        set acknowledged_at = clock_timestamp(), acknowledged_by = $3
      where id = $1
        and version = $2
        and cleared_at is null
        and acknowledged_at is null
  returning ${findingColumns}`,
    [id, version, by],
  )
  return rows[0]
}

export const countInvariants = (): number => invariantNames.length
