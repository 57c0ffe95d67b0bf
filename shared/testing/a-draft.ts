import { randomBytes } from 'node:crypto'
import { type Queryable } from '../db/pool.ts'
import { type PersonId, type ProductId } from '../domain/ids.ts'
import { codeFrom, productCodeLength, type PublicCode } from '../domain/public-code.ts'
import { aSeller } from './a-shop.ts'

export type Draft = { readonly id: ProductId; readonly code: PublicCode; readonly seller: PersonId }

/** A draft with everything but a file; nothing at all when it is told to be empty. */
export async function aDraft(
  db: Queryable,
  { seller, isEmpty = false }: { seller?: PersonId; isEmpty?: boolean } = {},
): Promise<Draft> {
  const owner = seller ?? (await aSeller(db))
  const code = codeFrom(randomBytes(productCodeLength))
  const { rows } = await db.query<{ id: ProductId }>(
    `insert into products (code, seller_id, title, description, category_id, price_cents)
     select $1, $2, title, description, category_id, price
       from (select 'A draft of mine' as title, 'What it will be' as description, 1999 as price,
                    (select id from categories where slug = 'other') as category_id, true as complete
              union all
             select null, null, null, null, false) d
      where d.complete <> $3
  returning id`,
    [code, owner, isEmpty],
  )
  const [draft] = rows
  if (draft === undefined) throw new Error('Expected the draft just written, got none')
  return { id: draft.id, code, seller: owner }
}
