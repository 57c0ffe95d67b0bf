import { type PersonId, type ProductId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'
import { findQuota, recountBytes } from '../quotas.ts'

/** A figure of a product that is not what its rows say. */
export type DriftedProduct = {
  readonly id: ProductId
  readonly code: string
  readonly sales: bigint
  readonly countedSales: bigint
  readonly views: bigint
  readonly countedViews: bigint
}

/**
 * Sales are the orders that are paid. Looks are only kept for a while, so that a count can be too low but not too high.
 * A product that came from elsewhere brought figures of its own.
 */
const drifted = `
  select id, code, sales, "countedSales", views, "countedViews"
    from (select p.id, p.code, p.sales, p.views,
                 (select count(*) from orders o where o.product_id = p.id and o.status in ('paid', 'delivered')) as "countedSales",
                 greatest(p.views, (select count(*) from product_views v where v.product_id = p.id)) as "countedViews"
            from products p
           where p.source is null) counted
   where (sales <> "countedSales" or views <> "countedViews")`

export async function listDriftedProducts(db: Queryable, limit: number): Promise<DriftedProduct[]> {
  const { rows } = await db.query<DriftedProduct>(`${drifted} order by id limit $1`, [limit])
  return rows
}

/** Puts the figures of one product right; undefined when they are. `tx` counts after it holds the product. */
export async function recountProduct(tx: Queryable, id: ProductId): Promise<DriftedProduct | undefined> {
  await tx.query(`select from products where id = $1 for no key update`, [id])
  const { rows } = await tx.query<DriftedProduct>(`${drifted} and id = $1`, [id])
  const [product] = rows
  if (product === undefined) return undefined
  await tx.query(`update products set sales = $2, views = $3 where id = $1`, [
    id,
    product.countedSales,
    product.countedViews,
  ])
  return product
}

export async function listSellers(db: Queryable, after: PersonId | undefined, limit: number): Promise<PersonId[]> {
  const { rows } = await db.query<{ id: PersonId }>(
    `select user_id as id from sellers where $1::bigint is null or user_id > $1 order by user_id limit $2`,
    [after ?? null, limit],
  )
  return rows.map(({ id }) => id)
}

/** Counts a seller's room again, for real or only to see; says how it had drifted, if it had. */
export async function recountSeller(tx: Queryable, seller: PersonId, isForReal: boolean): Promise<string | undefined> {
  await tx.query(`select from sellers where user_id = $1 for no key update`, [seller])
  const before = await findQuota(tx, seller)
  await tx.query(`savepoint counted`)
  await recountBytes(tx, seller)
  const after = await findQuota(tx, seller)
  if (!isForReal) await tx.query(`rollback to savepoint counted`)
  if (before === undefined || after === undefined) return undefined
  const changes = (['usedBytes', 'reservedBytes', 'retainedBytes'] as const)
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name} ${before[name]} to ${after[name]}`)
  return changes.length === 0 ? undefined : `seller ${seller}: ${changes.join(', ')}`
}
