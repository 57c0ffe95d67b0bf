import { type CategoryId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'
import { countedTo } from './product-lists.ts'

/** A category that has something for sale. */
export type Category = {
  readonly id: CategoryId
  readonly names: { readonly fr: string; readonly en: string }
  readonly icon: string
  /** How many products are visible in it; never 0, and counted up to `countedTo`. */
  readonly products: number
}

/** The categories with something for sale, in their order. */
export const listCategories = (db: Queryable): Promise<Category[]> => countCategories(db, countedTo)

/** Those next to a category among the ones with something for sale, in a circle; nothing when it is alone or not among them. */
export async function findCategoriesAround(
  db: Queryable,
  category: CategoryId,
): Promise<{ readonly before: Category; readonly after: Category } | undefined> {
  const all = await countCategories(db, 1)
  const at = all.findIndex(({ id }) => id === category)
  const before = all.at(at - 1)
  const after = all[(at + 1) % all.length]
  if (at < 0 || all.length < 2 || before === undefined || after === undefined) return undefined
  return { before, after }
}

async function countCategories(db: Queryable, most: number): Promise<Category[]> {
  const { rows } = await db.query<Category>(
    `select c.id, json_build_object('fr', c.name_fr, 'en', c.name_en) as "names", c.icon, counted."products"
       from categories c
      cross join lateral (select count(*)::integer as "products"
                            from (select from visible_products where category_id = c.id
                                   order by published_at desc, id desc limit $1) few) counted
      where not c.hidden
        and counted."products" > 0
      order by c.position, c.id`,
    [most],
  )
  return rows
}
