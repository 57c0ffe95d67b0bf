import { type CaseId, type OrderId } from '../domain/ids.ts'
import { type OrderStatus } from '../domain/order.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** A case in the list of what waits for an administrator. */
export type OpenCase = {
  readonly id: CaseId
  readonly kind: string
  readonly orderCode: PublicCode
  readonly status: OrderStatus
  readonly total: bigint
  readonly openedAt: Date
}

/** What waits for an administrator, the oldest first. */
export async function listOpenCases(
  db: Queryable,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<OpenCase[]> {
  const { rows } = await db.query<OpenCase>(
    `select c.id, c.kind, o.code as "orderCode", o.status, o.total_cents as "total", c.created_at as "openedAt"
       from cases c
       join orders o on o.id = c.order_id
      where c.state = 'open'
      order by c.created_at, c.id
     offset $2 limit $1`,
    [limit, offset],
  )
  return rows
}

export type Case = {
  readonly id: CaseId
  readonly orderId: OrderId
  readonly kind: string
  readonly state: 'open' | 'closed'
  readonly decision: 'accept' | 'refund' | 'close' | null
  readonly note: string
  readonly openedAt: Date
}

const caseColumns = `id, order_id as "orderId", kind, state, decision, note, created_at as "openedAt"`

export async function findCase(db: Queryable, id: CaseId): Promise<Case | undefined> {
  const { rows } = await db.query<Case>(`select ${caseColumns} from cases where id = $1`, [id])
  return rows[0]
}

/** `by` null: what happened settled it, and nobody had to decide. */
export type CaseDecision = {
  readonly decision: 'accept' | 'refund' | 'close'
  readonly by: bigint | null
  readonly reason?: string
}

/** Settles one open case; false when it was settled before. */
export async function decideCase(tx: Queryable, id: CaseId, { decision, by, reason }: CaseDecision): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update cases
        set state = 'closed', decision = $2, decided_by = $3, reason = $4, decided_at = clock_timestamp()
      where id = $1
        and state = 'open'`,
    [id, decision, by, reason ?? ''],
  )
  return rowCount === 1
}

/** The same for all open cases of an order, or those of some kinds: what settles its money settles them all. */
export async function decideCasesOf(
  tx: Queryable,
  orderId: OrderId,
  { decision, by, reason }: CaseDecision,
  kinds: readonly string[] | null = null,
): Promise<void> {
  await tx.query(
    `update cases
        set state = 'closed', decision = $2, decided_by = $3, reason = $4, decided_at = clock_timestamp()
      where order_id = $1
        and state = 'open'
        and ($5::text[] is null or kind = any($5))`,
    [orderId, decision, by, reason ?? '', kinds],
  )
}

/**
 * Whether a person still has something to decide about this order: a case, but for the one that is about to be settled, or a
 * refund that is not settled.
 */
export async function isWaitedFor(tx: Queryable, orderId: OrderId, beside: CaseId | null = null): Promise<boolean> {
  const { rows } = await tx.query<{ isWaited: boolean }>(
    `select exists (select from cases where order_id = $1 and state = 'open' and id is distinct from $2)
         or exists (select from refunds where order_id = $1 and state = 'asked') as "isWaited"`,
    [orderId, beside],
  )
  return rows[0]?.isWaited ?? false
}
