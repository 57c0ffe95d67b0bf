import { type Queryable } from './pool.ts'

export type DeadLetter = {
  readonly id: string
  readonly kind: string
  readonly ref: string
  readonly reason: string
  readonly payload: unknown
  readonly at: Date
}

export type NewDeadLetter = Pick<DeadLetter, 'kind' | 'ref' | 'reason' | 'payload'>

/** Keeps what cannot go on by itself, with its latest reason; true when nothing about it was open before. */
export async function insertDeadLetter(db: Queryable, letter: NewDeadLetter): Promise<boolean> {
  const { rows } = await db.query<{ isNew: boolean }>(
    `insert into dead_letters (kind, ref, reason, payload)
     values ($1, $2, $3, $4)
         on conflict (kind, ref) where resolved_at is null
         do update set reason = excluded.reason, payload = excluded.payload
  returning (xmax = 0) as "isNew"`,
    [letter.kind, letter.ref, letter.reason, JSON.stringify(letter.payload)],
  )
  return rows[0]?.isNew === true
}

const columns = `id, kind, ref, reason, payload, at`

export async function listOpenDeadLetters(db: Queryable, limit: number, offset = 0): Promise<DeadLetter[]> {
  const { rows } = await db.query<DeadLetter>(
    `select ${columns} from dead_letters where resolved_at is null order by at, id limit $1 offset $2`,
    [limit, offset],
  )
  return rows
}

export async function countOpenDeadLetters(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from dead_letters where resolved_at is null`,
  )
  return rows[0]?.count ?? 0
}

export async function findDeadLetter(db: Queryable, id: string): Promise<DeadLetter | undefined> {
  const { rows } = await db.query<DeadLetter>(`select ${columns} from dead_letters where id = $1`, [id])
  return rows[0]
}

/** Closes an open one and returns it, so that its caller may send it again; undefined when somebody else was quicker. */
export async function markDeadLetterResolved(tx: Queryable, id: string, by: string): Promise<DeadLetter | undefined> {
  const { rows } = await tx.query<DeadLetter>(
    `update dead_letters
        set resolved_at = clock_timestamp(),
            resolved_by = $2
      where id = $1
        and resolved_at is null
  returning ${columns}`,
    [id, by],
  )
  return rows[0]
}
