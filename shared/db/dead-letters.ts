import { type DeadLetterId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'
import { storableJson, storableText } from './storable.ts'

const longestReason = 2_000

export type DeadLetter = {
  readonly id: DeadLetterId
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
    [
      letter.kind,
      storableText(letter.ref),
      storableText(letter.reason).slice(0, longestReason),
      storableJson(letter.payload),
    ],
  )
  return rows[0]?.isNew === true
}

const columns = `id, kind, ref, reason, payload, at`

/** The open ones, oldest first; of one kind when it is named. */
export async function listOpenDeadLetters(
  db: Queryable,
  { kind, limit, offset = 0 }: { readonly kind?: string; readonly limit: number; readonly offset?: number },
): Promise<DeadLetter[]> {
  const { rows } = await db.query<DeadLetter>(
    `select ${columns}
       from dead_letters
      where resolved_at is null
        and ($1::text is null or kind = $1)
      order by at, id
      limit $2
     offset $3`,
    [kind ?? null, limit, offset],
  )
  return rows
}

export type DeadLetterCount = { readonly kind: string; readonly count: number }

/** How many are open of each kind, the most first. */
export async function countOpenDeadLetters(db: Queryable): Promise<DeadLetterCount[]> {
  const { rows } = await db.query<DeadLetterCount>(
    `select kind, count(*)::integer as count
       from dead_letters
      where resolved_at is null
      group by kind
      order by count(*) desc, kind`,
  )
  return rows
}

export async function findOpenDeadLetter(db: Queryable, id: DeadLetterId): Promise<DeadLetter | undefined> {
  const { rows } = await db.query<DeadLetter>(
    `select ${columns} from dead_letters where id = $1 and resolved_at is null`,
    [id],
  )
  return rows[0]
}

/** Closes an open one and returns it, so that its caller may send it again; undefined when somebody else was quicker. */
export async function markDeadLetterResolved(
  tx: Queryable,
  id: DeadLetterId,
  by: string,
): Promise<DeadLetter | undefined> {
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
