import { type CategoryId, type PersonId } from '../domain/ids.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'
import { joined, listed, type ListedProduct } from './products.ts'

/** Where a list is to be opened: at this product, or where it used to stand when it is gone. Positions count from 1. */
export type Wanted = { readonly code: PublicCode | null; readonly position: number }

/** One step of a carousel. `previous` and `next` are missing at the ends. */
export type Step = {
  readonly product: ListedProduct
  /** At most `countedTo`, and so is `total`: a list is not counted further, or each step would read all of it. */
  readonly position: number
  readonly total: number
  readonly previous: PublicCode | null
  readonly next: PublicCode | null
}

export const start: Wanted = { code: null, position: 1 }

/** How far the products of a list are counted. */
export const countedTo = 1_000

const mostFound = 50

export const findStepInCategory = (
  db: Queryable,
  person: PersonId,
  category: CategoryId,
  wanted: Wanted,
): Promise<Step | undefined> => findNewest(db, 'p.category_id = $4', person, wanted, category)

export const findStepInShop = (
  db: Queryable,
  person: PersonId,
  shop: PublicCode,
  wanted: Wanted,
): Promise<Step | undefined> =>
  findNewest(db, 'p.seller_id = (select user_id from sellers where code = $4)', person, wanted, shop)

/**
 * Newest first. Whatever the length of the list, it reads the step's neighbours and counts up to `countedTo`. Each part names
 * its order: else the planner reads the whole table for the few rows that come before the first.
 */
const findNewest = (
  db: Queryable,
  chosen: string,
  person: PersonId,
  wanted: Wanted,
  given: string,
): Promise<Step | undefined> =>
  readStep(
    db,
    `with list as not materialized (select p.id, p.code, p.published_at from visible_products p where ${chosen}),
          counted as (select count(*)::integer as "total" from (select from list order by published_at desc, id desc limit ${countedTo}) few),
          asked as (select id, published_at from list where code = $2),
          here as (select * from asked
                   union all
                   (select id, published_at from list
                     where not exists (select from asked)
                     order by published_at desc, id desc
                    offset greatest(least($3, (select "total" from counted)) - 1, 0)
                     limit 1))
   select (select "total" from counted), 1 + before."count" as "position",
          (select code from list where (published_at, id) > (h.published_at, h.id)
            order by published_at, id limit 1) as "previous",
          (select code from list where (published_at, id) < (h.published_at, h.id)
            order by published_at desc, id desc limit 1) as "next", ${listed}
     from here h
    cross join lateral (select count(*)::integer
                          from (select from list where (published_at, id) > (h.published_at, h.id)
                                 order by published_at, id limit ${countedTo - 1}) few) before
     join products p on p.id = h.id ${joined}`,
    [person, wanted.code, wanted.position, given],
  )

/**
 * The products that contain all these words in title or description, at most 50: those whose title starts with what was
 * typed first, then all words in the title, then the rest; best-selling and newest first.
 */
export function findStepInSearch(
  db: Queryable,
  person: PersonId,
  words: readonly string[],
  wanted: Wanted,
): Promise<Step | undefined> {
  const all = (text: string): string => words.map((_, index) => `${text} like containing($${index + 5})`).join(' and ')
  // each rank by itself: the planner walks the best-selling for a common word, and reads an index of words for a rare one;
  // and none is looked for once those before it are enough
  const ranks = [`folded(title) like substr(containing($4), 2)`, all('folded(title)'), all('search_text')]
  const found = ranks.map((chosen, index) => {
    const isWanted = ranks
      .slice(0, index)
      .map((_, before) => `(select count(*) from rank${before}) < ${mostFound} and `)
    return `rank${index} as materialized (
              select id, code, sales, published_at, ${index} as "rank" from visible_products where ${isWanted.join('')}${chosen}
               order by sales desc, published_at desc, id desc limit ${mostFound})`
  })
  const each = ranks.map((_, index) => `select * from rank${index}`)
  return readStep(
    db,
    `with ${found.join(', ')},
          found as (select id, code, sales, published_at, min("rank") as "rank"
                      from (${each.join(' union all ')}) ranked
                     group by id, code, sales, published_at),
          list as (select id, code, row_number() over (order by "rank", sales desc, published_at desc, id desc)::integer as "position"
                     from found order by "position" limit ${mostFound}),
          here as (select id, "position"
                     from list
                    where code = $2
                       or "position" = least($3, (select count(*) from list))
                    order by (code = $2) desc nulls last
                    limit 1)
   select h."position", (select count(*)::integer from list) as "total",
          (select code from list where "position" = h."position" - 1) as "previous",
          (select code from list where "position" = h."position" + 1) as "next", ${listed}
     from here h
     join products p on p.id = h.id ${joined}`,
    [person, wanted.code, wanted.position, words.join(' '), ...words],
  )
}

type StepRow = Omit<Step, 'product'> & ListedProduct

async function readStep(db: Queryable, statement: string, given: readonly unknown[]): Promise<Step | undefined> {
  const { rows } = await db.query<StepRow>(statement, given)
  const row = rows[0]
  if (row === undefined) return undefined
  const { position, total, previous, next, ...product } = row
  return { product, position, total, previous, next }
}
