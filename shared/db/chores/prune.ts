import { type Queryable } from '../pool.ts'

/** What is only kept for a while: which rows of which table are old. Table and condition are ours, never input. */
const rubbish = [
  { table: 'outbox', old: `sent_at < clock_timestamp() - interval '7 days'` },
  { table: 'inbox', old: `handled_at < clock_timestamp() - interval '7 days'` },
  { table: 'telegram_updates', old: `handled_at < clock_timestamp() - interval '7 days'` },
  { table: 'idempotency', old: `expires_at < clock_timestamp()` },
  { table: 'conversations', old: `expires_at < clock_timestamp() - interval '30 days'` },
  { table: 'button_tokens', old: `expires_at < clock_timestamp()` },
  { table: 'download_links', old: `expires_at < clock_timestamp() - interval '24 hours'` },
  {
    table: 'upload_links',
    // its uploads go with it, so none of them may still hold room or parts
    old: `expires_at < clock_timestamp() - interval '24 hours'
          and not exists (select
                            from upload_sessions s
                           where s.link_id = upload_links.id
                             and (s.state in ('open', 'completing')
                                  or (s.state in ('aborted', 'expired') and s.s3_upload_id is not null)))`,
  },
  {
    table: 'emails',
    // what was given up waits for an administrator as long as its dead letter does
    old: `state in ('sent', 'skipped', 'failed') and created_at < clock_timestamp() - interval '90 days'
          and not exists (select
                            from dead_letters d
                           where d.kind = 'e-mail' and d.ref = emails.id::text and d.resolved_at is null)`,
  },
  { table: 'email_codes', old: `created_at < clock_timestamp() - interval '1 day'` },
  { table: 'coin_estimates', old: `read_at < clock_timestamp() - interval '1 day'` },
  { table: 'tellings', old: `lease_until < clock_timestamp() - interval '1 day'` },
  { table: 'rate_buckets', old: `updated_at < clock_timestamp() - interval '1 day'` },
  { table: 'telegram_files', old: `used_at < clock_timestamp() - interval '180 days'` },
  { table: 'product_views', old: `day < current_date - 100` },
  { table: 'service_heartbeats', old: `at < clock_timestamp() - interval '1 day'` },
  { table: 'payment_events', old: `handled_at is not null and received_at < clock_timestamp() - interval '13 months'` },
  { table: 'chore_runs', old: `started_at < clock_timestamp() - interval '30 days'` },
] as const

export const prunedTables = rubbish.map(({ table }) => table)

export async function countOldRows(db: Queryable, table: (typeof prunedTables)[number]): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from ${table} where ${conditionOf(table)}`,
    [],
  )
  return rows[0]?.count ?? 0
}

/** Deletes one batch of old rows and says how many there were. */
export async function deleteOldRows(
  db: Queryable,
  table: (typeof prunedTables)[number],
  limit: number,
): Promise<number> {
  const { rowCount } = await db.query(
    `delete from ${table} where ctid = any(array(select ctid from ${table} where ${conditionOf(table)} limit $1))`,
    [limit],
  )
  return rowCount
}

function conditionOf(table: string): string {
  const found = rubbish.find((one) => one.table === table)
  if (found === undefined) throw new Error(`Expected a table that is pruned, got ${table}`)
  return found.old
}
