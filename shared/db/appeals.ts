import { type PersonId, type ProductId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** What an appeal is about; `ref` is what an administrator looks it up by. */
export type Appealed = { readonly what: string; readonly ref: string }

/** What this person may appeal: a measure against a product of theirs, or (null) against themselves. */
export async function canAppeal(
  db: Queryable,
  person: PersonId,
  product: ProductId | null,
): Promise<Appealed | undefined> {
  const { rows } = await db.query<Appealed>(
    product === null
      ? `select 'person ' || id || ', suspended' as "what", id::text as "ref"
           from users
          where id = $1
            and status = 'suspended'`
      : `select 'product ' || code || ', ' || moderation as "what", code as "ref"
           from products
          where seller_id = $1
            and id = $2
            and moderation <> 'ok'`,
    product === null ? [person] : [person, product],
  )
  return rows[0]
}
