import { type DeliveryId, type FileId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

export type DamagedFile = {
  readonly productId: ProductId
  readonly productCode: string
  readonly title: string
  readonly sellerId: PersonId
  /** It was what the product sells, which is withdrawn from now on. */
  readonly isCurrent: boolean
}

/**
 * What the bucket holds is not what was verified: the file is neither sold nor sent until it is whole again or replaced.
 * Undefined when this was known before.
 */
export async function markFileDamaged(tx: Queryable, id: FileId): Promise<DamagedFile | undefined> {
  // held first: nobody puts the product on sale, or gives it another file, between the look and the mark
  await tx.query(
    `select from products where id = (select product_id from product_files where id = $1) for no key update`,
    [id],
  )
  const { rows } = await tx.query<DamagedFile>(
    `update product_files f
        set state = 'damaged', checked_at = clock_timestamp()
       from products p
      where f.id = $1
        and f.state = 'ready'
        and f.purged_at is null
        and p.id = f.product_id
  returning p.id as "productId", p.code as "productCode", p.title, p.seller_id as "sellerId",
            p.current_file_id = f.id as "isCurrent"`,
    [id],
  )
  const [file] = rows
  if (file?.isCurrent === true) await withdraw(tx, file.productId)
  return file
}

const withdraw = (tx: Queryable, product: ProductId): Promise<unknown> =>
  tx.query(
    `update products
        set status = 'inactive'
      where id = $1
        and status = 'active'`,
    [product],
  )

/** The original is back as it was verified; true for the first to notice. Its seller puts the product on sale again. */
export async function markFileWhole(tx: Queryable, id: FileId): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update product_files
        set state = 'ready', checked_at = clock_timestamp()
      where id = $1
        and state = 'damaged'`,
    [id],
  )
  return rowCount === 1
}

/** A delivery given up for a damaged file, and what can be brought instead: a newer version, or the same one made whole. */
export type HealableDelivery = { readonly id: DeliveryId; readonly fileId: FileId }

const healable = `
  select d.id, n.id as "fileId"
    from dead_letters l
    join deliveries d on d.id::text = l.ref
    join product_files f on f.id = d.file_id
    join entitlements e on e.order_id = d.order_id and e.ended_at is null
   cross join lateral (select n.id
                         from product_files n
                        where n.product_id = f.product_id
                          and (n.number >= f.number or f.purged_at is not null)
                          and n.state = 'ready'
                          and n.purged_at is null
                        order by n.number desc
                        limit 1) n
   where l.kind = 'delivery'
     and l.resolved_at is null
     and d.state = 'dead'
     and (f.state = 'damaged' or l.payload ->> 'damaged' = 'true')
   order by l.at
   limit $1`

export async function listHealableDeliveries(db: Queryable, limit: number): Promise<HealableDelivery[]> {
  const { rows } = await db.query<HealableDelivery>(healable, [limit])
  return rows
}

/** Puts them back in the queue with a file that is whole and settles their dead letters; the caller asks for each. */
export async function requeueHealedDeliveries(tx: Queryable, limit: number): Promise<HealableDelivery[]> {
  const { rows } = await tx.query<HealableDelivery>(
    `with healable as (${healable} for update of l skip locked),
          settled as (
            update dead_letters l
               set resolved_at = clock_timestamp(), resolved_by = 'a file that is whole'
              from healable h
             where l.kind = 'delivery'
               and l.ref = h.id::text
               and l.resolved_at is null)
     update deliveries d
        set state = 'queued', file_id = h."fileId", next_try_at = clock_timestamp(), document_tries = 0, link_tries = 0,
            first_failed_at = null, rings = 0
       from healable h
      where d.id = h.id
        and d.state = 'dead'
  returning d.id, d.file_id as "fileId"`,
    [limit],
  )
  return rows
}
