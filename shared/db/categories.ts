import { type CategoryId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** A category that has something for sale. */
export type Category = {
  readonly id: CategoryId
  readonly names: { readonly fr: string; readonly en: string }
  readonly icon: string
  /** How many products are visible in it; never 0. */
  readonly products: number
}

/** The categories with something for sale, in their order. */
export async function listCategories(db: Queryable): Promise<Category[]> {
  const { rows } = await db.query<Category>(
    `select c.id, json_build_object('fr', c.name_fr, 'en', c.name_en) as "names", c.icon, count(*)::integer as "products"
       from categories c
       join visible_products p on p.category_id = c.id
      where not c.hidden
      group by c.id
      order by c.position, c.id`,
  )
  return rows
}
