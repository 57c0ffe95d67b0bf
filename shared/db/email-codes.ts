import { type EmailCodeId, type PersonId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

export const codeMinutes = 15
export const mostCodeTries = 5

/** How many codes an hour takes: of one person to one address, of one person, to one address. */
const mostAnHour = { toOwn: 3, byPerson: 6, toAddress: 10 }

export type NewCode =
  | { readonly kind: 'code'; readonly id: EmailCodeId; readonly at: Date; readonly expiresAt: Date }
  | { readonly kind: 'too many'; readonly again: Date }

/** A new code for an address, unless too many went out; who asks twice at once is counted twice. */
export async function insertCode(tx: Queryable, person: PersonId, email: string): Promise<NewCode> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1::citext::text, 62))`, [email])
  const again = await findNextTime(tx, person, email)
  if (again !== undefined) return { kind: 'too many', again }
  const { rows } = await tx.query<{ id: EmailCodeId; at: Date; expiresAt: Date }>(
    `insert into email_codes (person_id, email, expires_at)
     values ($1, $2, clock_timestamp() + $3 * interval '1 minute')
  returning id, created_at as "at", expires_at as "expiresAt"`,
    [person, email, codeMinutes],
  )
  const [code] = rows
  if (code === undefined) throw new Error('Expected the code just written, got none')
  return { kind: 'code', ...code }
}

/** When the oldest of those that count is an hour old; undefined when there is room now. */
async function findNextTime(tx: Queryable, person: PersonId, email: string): Promise<Date | undefined> {
  const { rows } = await tx.query<{ again: Date | null }>(
    `select max(nth.created_at) + interval '1 hour' as "again"
       from ((select created_at from email_codes where person_id = $1 and email = $2
               order by created_at desc offset $3 limit 1)
             union all
             (select created_at from email_codes where person_id = $1 order by created_at desc offset $4 limit 1)
             union all
             (select created_at from email_codes where email = $2 order by created_at desc offset $5 limit 1)) nth
      where nth.created_at > clock_timestamp() - interval '1 hour'`,
    [person, email, mostAnHour.toOwn - 1, mostAnHour.byPerson - 1, mostAnHour.toAddress - 1],
  )
  return rows[0]?.again ?? undefined
}

/** Uses up one try of a code, before it is compared: how many are left, or undefined when it is over. */
export async function takeCodeTry(tx: Queryable, person: PersonId, id: EmailCodeId): Promise<number | undefined> {
  const { rows } = await tx.query<{ left: number }>(
    `update email_codes
        set tries = tries + 1
      where id = $1
        and person_id = $2
        and tries < $3
        and used_at is null
        and expires_at > clock_timestamp()
  returning $3 - tries as "left"`,
    [id, person, mostCodeTries],
  )
  return rows[0]?.left
}

export async function markCodeUsed(tx: Queryable, id: EmailCodeId): Promise<void> {
  await tx.query(`update email_codes set used_at = clock_timestamp() where id = $1 and used_at is null`, [id])
}
