import { type PersonId } from '../domain/ids.ts'
import { keptStatuses } from '../domain/product.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { deleteProduct } from './delete-product.ts'
import { type Queryable } from './pool.ts'
import { markAccountClosed } from './seller-changes.ts'
import { findSellerFigures } from './seller-figures.ts'

export type Closing =
  | { readonly kind: 'closed'; readonly removed: number; readonly hidden: number }
  /** Money is not settled: what is owed to the seller, or by them. */
  | { readonly kind: 'balance'; readonly owed: bigint }
  | { readonly kind: 'not found' }

/** Closes a seller's account with all of its products. What was bought stays with its buyers, open orders are honoured. */
export async function closeAccount(tx: Queryable, seller: PersonId): Promise<Closing> {
  await lockKept(tx, seller)
  await tx.query(`select from sellers where user_id = $1 for update`, [seller])
  const { earned, paid } = await findSellerFigures(tx, seller)
  if (earned !== paid) return { kind: 'balance', owed: earned - paid }
  if (!(await markAccountClosed(tx, seller))) return { kind: 'not found' }
  const counts = { removed: 0, hidden: 0 }
  for (const code of await listKept(tx, seller)) {
    const outcome = await deleteProduct(tx, seller, code)
    if (outcome !== 'not found') counts[outcome] += 1
  }
  return { kind: 'closed', ...counts }
}

/** Products before their seller, as everybody else holds them: so that nobody waits for the other. */
async function lockKept(tx: Queryable, seller: PersonId): Promise<void> {
  await tx.query(`select from products where seller_id = $1 and status = any($2) order by id for update`, [
    seller,
    keptStatuses,
  ])
}

async function listKept(tx: Queryable, seller: PersonId): Promise<PublicCode[]> {
  const { rows } = await tx.query<{ code: PublicCode }>(
    `select code from products where seller_id = $1 and status = any($2) order by id`,
    [seller, keptStatuses],
  )
  return rows.map(({ code }) => code)
}
