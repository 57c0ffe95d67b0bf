import { type PersonId } from '../../domain/ids.ts'
import { type PublicCode } from '../../domain/public-code.ts'
import { type Queryable } from '../pool.ts'

export type StaleDraft = { readonly code: PublicCode; readonly sellerId: PersonId }

const stale = `
  select p.code, p.seller_id as "sellerId"
    from products p
   where p.status = 'draft'
     and p.updated_at < clock_timestamp() - interval '30 days'
     and not exists (select from product_files f
                      where f.product_id = p.id
                        and f.updated_at > clock_timestamp() - interval '30 days')
     and not exists (select from upload_sessions u
                      where u.product_id = p.id
                        and u.state in ('open', 'completing'))
   order by p.updated_at`

/** Drafts nobody touched for 30 days. */
export async function listStaleDrafts(db: Queryable, limit: number): Promise<StaleDraft[]> {
  const { rows } = await db.query<StaleDraft>(`${stale} limit $1`, [limit])
  return rows
}

/** One of them, held until the transaction ends; undefined when there is none that nobody holds. */
export async function lockStaleDraft(tx: Queryable): Promise<StaleDraft | undefined> {
  const { rows } = await tx.query<StaleDraft>(`${stale} limit 1 for update of p skip locked`)
  return rows[0]
}
