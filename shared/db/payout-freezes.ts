import { type PersonId, type SellerChangeId } from '../domain/ids.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'
import { noteChange } from './seller-changes.ts'

/** `frozen`: now; `frozen before`: it was so already; undefined: no such change of this seller. */
export type Freezing = { readonly kind: 'frozen' | 'frozen before'; readonly shop: PublicCode }

/** A seller says that a change was not theirs: nothing is paid out until a person has looked at it. */
export async function freezePayouts(
  tx: Queryable,
  seller: PersonId,
  changeId: SellerChangeId,
): Promise<Freezing | undefined> {
  const { rows } = await tx.query<{ shop: PublicCode; isFrozen: boolean }>(
    `select s.code as "shop", s.payouts_frozen_at is not null as "isFrozen"
       from sellers s
       join seller_changes c on c.seller_id = s.user_id
      where s.user_id = $1
        and c.id = $2
        for update of s`,
    [seller, changeId],
  )
  const [found] = rows
  if (found === undefined) return undefined
  if (found.isFrozen) return { kind: 'frozen before', shop: found.shop }
  await tx.query(`update sellers set payouts_frozen_at = clock_timestamp() where user_id = $1`, [seller])
  await noteChange(tx, seller, { field: 'payouts', old: 'open', new: 'frozen' })
  return { kind: 'frozen', shop: found.shop }
}

/** A seller whose payouts are frozen, as administrators look at them. */
export type FrozenSeller = {
  readonly sellerId: PersonId
  readonly shop: PublicCode
  readonly name: string
  readonly frozenAt: Date
  readonly address: string | null
  /** What the seller changed last: whoever lifts the freeze has seen everything up to it. */
  readonly lastChangeId: SellerChangeId
  /** The changes of address and e-mail, the newest first. */
  readonly changes: readonly SeenChange[]
}

export type SeenChange = {
  readonly field: 'address' | 'email'
  readonly old: string | null
  readonly new: string
  readonly at: Date
}

type Row = Omit<FrozenSeller, 'changes'> & {
  readonly changes: readonly (Omit<SeenChange, 'at'> & { readonly at: string })[]
}

const frozen = `
  select s.user_id as "sellerId", s.code as "shop", s.display_name as "name", s.payouts_frozen_at as "frozenAt",
         s.solana_address as "address",
         (select c.id from seller_changes c where c.seller_id = s.user_id order by c.at desc, c.id desc limit 1)
           as "lastChangeId",
         coalesce((select json_agg(json_build_object('field', c.field, 'old', c.old, 'new', c.new, 'at', c.at)
                                   order by c.at desc)
                     from (select *
                             from seller_changes
                            where seller_id = s.user_id
                              and field in ('address', 'email')
                              and old is not null
                            order by at desc
                            limit 4) c), '[]') as "changes"
    from sellers s
   where s.payouts_frozen_at is not null`

const shaped = (row: Row): FrozenSeller => ({
  ...row,
  changes: row.changes.map((change) => ({ ...change, at: new Date(change.at) })),
})

/** Whoever waits longest first. */
export async function listFrozenSellers(db: Queryable, limit: number): Promise<FrozenSeller[]> {
  const { rows } = await db.query<Row>(`${frozen} order by s.payouts_frozen_at limit $1`, [limit])
  return rows.map(shaped)
}

export async function countFrozenSellers(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from sellers where payouts_frozen_at is not null`,
  )
  return rows[0]?.count ?? 0
}

/** Undefined when no shop of this code is frozen. */
export async function findFrozenSeller(db: Queryable, shop: PublicCode): Promise<FrozenSeller | undefined> {
  const { rows } = await db.query<Row>(`${frozen} and s.code = $1`, [shop])
  return rows.map(shaped)[0]
}

/** Opens the payouts of a seller again, unless anything changed since it was looked at. */
export async function liftFreeze(
  tx: Queryable,
  { shop, lastChangeId }: Pick<FrozenSeller, 'shop' | 'lastChangeId'>,
): Promise<{ readonly seller: FrozenSeller; readonly liftId: SellerChangeId } | undefined> {
  await tx.query(`select from sellers where code = $1 for update`, [shop])
  const seller = await findFrozenSeller(tx, shop)
  if (seller?.lastChangeId !== lastChangeId) return undefined
  await tx.query(`update sellers set payouts_frozen_at = null where user_id = $1`, [seller.sellerId])
  return { seller, liftId: await noteChange(tx, seller.sellerId, { field: 'payouts', old: 'frozen', new: 'open' }) }
}
