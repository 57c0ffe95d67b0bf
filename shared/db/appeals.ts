import { type AppealId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { personStanding, productStanding } from './moderation.ts'
import { type Queryable } from './pool.ts'

/** What an appeal is about; `ref` is what an administrator looks it up by. */
export type Appealed = { readonly ref: string }

/** What this person may appeal: a measure against a product of theirs, or (null) against themselves. */
export async function canAppeal(
  db: Queryable,
  person: PersonId,
  product: ProductId | null,
): Promise<Appealed | undefined> {
  const { rows } = await db.query<Appealed>(
    product === null
      ? `select id::text as "ref" from users where id = $1 and status = 'suspended' for share`
      : `select code as "ref" from products where seller_id = $1 and id = $2 and moderation <> 'ok' for share`,
    product === null ? [person] : [person, product],
  )
  return rows[0]
}

/** Three messages a day, of a thousand characters each: an appeal that nobody answers for days does not grow beyond this. */
const mostWords = 8000

/**
 * Keeps what a person says; while an appeal of theirs about the same thing is open, it is added to that. False when that is
 * full: nothing of it is dropped in silence.
 */
export async function keepAppeal(
  tx: Queryable,
  { person, product, words }: { readonly person: PersonId; readonly product: ProductId | null; readonly words: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into appeals (person_id, product_id, words)
     values ($1, $2, $3)
         on conflict (person_id, product_id) where state = 'open'
         do update set words = appeals.words || E'\\n\\n' || excluded.words
         where char_length(appeals.words) + 2 + char_length(excluded.words) <= $4`,
    [person, product, words, mostWords],
  )
  return rowCount === 1
}

/** An appeal as administrators see it, with how things stand now. */
export type Appeal = {
  readonly id: AppealId
  readonly personId: PersonId
  readonly personName: string
  /** Null for an appeal against a suspension of the person. */
  readonly product: { readonly id: ProductId; readonly code: PublicCode; readonly title: string } | null
  readonly words: string
  /** How much was said: whoever answers has read so much. */
  readonly length: number
  readonly reason: string | null
  readonly until: Date | null
  /** How the product or person stands, for whoever decides by what they see. */
  readonly standing: string
  /** Whether what was done can be taken back; of a product that was purged it cannot. */
  readonly isRestorable: boolean
  readonly openedAt: Date
}

const openAppeals = `
  select a.id, a.person_id as "personId", u.first_name as "personName", a.words, char_length(a.words) as "length",
         a.created_at as "openedAt",
         case when p.id is not null then jsonb_build_object('id', p.id, 'code', p.code, 'title', p.title) end as "product",
         case when p.id is null then u.suspension_reason else p.moderation_reason end as "reason",
         case when p.id is null then u.suspended_until else p.moderation_until end as "until",
         case when p.id is null then ${personStanding} else ${productStanding} end as "standing",
         case when p.id is null then u.status = 'suspended' else p.moderation <> 'ok' and p.status <> 'purged' end
           as "isRestorable"
    from appeals a
    join users u on u.id = a.person_id
    left join products p on p.id = a.product_id
   where a.state = 'open'`

/** Those that wait for an answer, the oldest first. */
export async function listOpenAppeals(
  db: Queryable,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<Appeal[]> {
  const { rows } = await db.query<Appeal>(`${openAppeals} order by a.created_at, a.id offset $2 limit $1`, [
    limit,
    offset,
  ])
  return rows
}

/** Undefined once it was answered. */
export async function findOpenAppeal(db: Queryable, id: AppealId): Promise<Appeal | undefined> {
  const { rows } = await db.query<Appeal>(`${openAppeals} and a.id = $1`, [id])
  return rows[0]
}

export type RefusedAppeal = { readonly personId: PersonId; readonly productId: ProductId | null }

/** `length`: how much of it was read. */
export type Refusing = { readonly by: bigint; readonly reason: string; readonly length: number }

/** Turns an appeal down, once; undefined when it was answered before, or more was said than whoever decides has read. */
export async function refuseAppeal(
  tx: Queryable,
  id: AppealId,
  { by, reason, length }: Refusing,
): Promise<RefusedAppeal | undefined> {
  const { rows } = await tx.query<RefusedAppeal>(
    `update appeals
        set state = 'refused', decided_by = $2, reason = $3, decided_at = clock_timestamp()
      where id = $1
        and state = 'open'
        and char_length(words) = $4
  returning person_id as "personId", product_id as "productId"`,
    [id, by, reason, length],
  )
  return rows[0]
}

/**
 * A measure was taken back (`granted`) or is over: whatever was said against it is answered by that. True when somebody had
 * said something. `by` null: nobody decided.
 */
export async function endAppeals(
  tx: Queryable,
  about: { readonly product: ProductId } | { readonly person: PersonId },
  { state, by }: { readonly state: 'granted' | 'over'; readonly by: bigint | null },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update appeals
        set state = $3, decided_by = $4, decided_at = clock_timestamp()
      where state = 'open'
        and case when $1::uuid is null then product_id is null and person_id = $2 else product_id = $1 end`,
    ['product' in about ? about.product : null, 'person' in about ? about.person : null, state, by],
  )
  return rowCount > 0
}
