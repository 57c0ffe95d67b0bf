import { type Queryable } from './pool.ts'

/** What an administrator did to what, and why. */
export type AuditEntry = {
  /** Telegram id of the administrator, who runs the services, or the janitor, who ends what was for a time. */
  readonly actor: bigint | 'operator' | 'janitor'
  readonly action: string
  /** The id of what it was done to. */
  readonly target: string
  readonly before?: unknown
  readonly after?: unknown
  readonly reason?: string
}

/** Writes down an action in its own transaction: neither is without the other. */
export async function insertAudit(tx: Queryable, entry: AuditEntry): Promise<void> {
  await tx.query(
    `insert into audit_log (actor, action, target, before, after, reason)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      String(entry.actor),
      entry.action,
      entry.target,
      entry.before === undefined ? null : JSON.stringify(entry.before),
      entry.after === undefined ? null : JSON.stringify(entry.after),
      entry.reason ?? '',
    ],
  )
}
