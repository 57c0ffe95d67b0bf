import { type PersonId, type ProductId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** Counts a look at a product: once per person, product and day, and never the seller's own. */
export async function countView(db: Queryable, product: ProductId, person: PersonId): Promise<void> {
  await db.query(
    `with seen as (
            insert into product_views (product_id, user_id, day)
            select id, $2, (clock_timestamp() at time zone 'UTC')::date
              from products
             where id = $1
               and seller_id <> $2
                on conflict do nothing
         returning product_id)
     update products
        set views = views + 1
       from seen
      where id = seen.product_id`,
    [product, person],
  )
}
