import { type CategoryId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type Cents } from '../domain/money.ts'
import { keptStatuses } from '../domain/product.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** Whoever may sell at the moment. Every change of a product asks for it again. */
const maySell = `
  exists (select
            from sellers s
            join users u on u.id = s.user_id
           where s.user_id = $1
             and s.closed_at is null
             and u.status = 'active')`

/** The seller's one draft that has not even a title, made when there is none; undefined for somebody who may not sell. */
export async function ensureEmptyDraft(
  tx: Queryable,
  seller: PersonId,
  newCode: PublicCode,
): Promise<PublicCode | undefined> {
  // the row itself is asked once more after a wait for its lock, what is read beside it is not
  const { rowCount } = await tx.query(
    `select from sellers where user_id = $1 and closed_at is null and ${maySell} for update`,
    [seller],
  )
  if (rowCount === 0) return undefined
  const { rows } = await tx.query<{ code: PublicCode }>(
    `with empty as (
            select code
              from products
             where seller_id = $1
               and status = 'draft'
               and title is null
               and next_file_id is null
               and next_image_id is null
             order by created_at desc
             limit 1),
          made as (
            insert into products (code, seller_id)
            select $2, $1 where not exists (select from empty)
         returning code)
     select code from empty union all select code from made`,
    [seller, newCode],
  )
  return rows[0]?.code
}

/** What was changed. A picture that was drawn from the product is to be drawn again. */
export type EditedProduct = { readonly id: ProductId; readonly isDrawn: boolean }

type Field = 'title' | 'description' | 'price_cents' | 'category_id'

/** Undefined, and nothing changed, for a product that is gone or of another seller. Open orders have their own copy of all this. */
async function setField(
  tx: Queryable,
  seller: PersonId,
  code: PublicCode,
  field: Field,
  value: string | bigint,
  condition = '',
): Promise<EditedProduct | undefined> {
  const { rows } = await tx.query<EditedProduct>(
    `update products p
        set ${field} = $4, version = version + 1
      where p.seller_id = $1
        and p.code = $2
        and p.status = any($3)
        and ${maySell} ${condition}
  returning p.id, exists (select from images i where i.id = p.image_id and i.source = 'drawn') as "isDrawn"`,
    [seller, code, keptStatuses, value],
  )
  return rows[0]
}

type Edit<Value> = (
  tx: Queryable,
  seller: PersonId,
  code: PublicCode,
  value: Value,
) => Promise<EditedProduct | undefined>

export const setTitle: Edit<string> = (tx, seller, code, title) => setField(tx, seller, code, 'title', title)

export const setDescription: Edit<string> = (tx, seller, code, description) =>
  setField(tx, seller, code, 'description', description)

export const setPrice: Edit<Cents> = (tx, seller, code, price) => setField(tx, seller, code, 'price_cents', price)

/** Also undefined for a category nobody may see. */
export const setCategory: Edit<CategoryId> = (tx, seller, code, category) =>
  setField(
    tx,
    seller,
    code,
    'category_id',
    category,
    'and exists (select from categories c where c.id = $4::uuid and not c.hidden)',
  )

/** What a draft lacks before it may be published, in the order of the form. */
export type Lack = 'title' | 'description' | 'category' | 'price' | 'file'

export type Publishing =
  | { readonly kind: 'publishing'; readonly productId: ProductId }
  | { readonly kind: 'incomplete'; readonly lacks: Lack }
  | { readonly kind: 'moderated' | 'not found' }

type Completeness = Readonly<Record<Lack, boolean>> & { readonly id: ProductId; readonly isModerated: boolean }

/** Sends a complete draft on its way to the shop: from `draft` to `processing`, held until the transaction ends. */
export async function startPublishing(tx: Queryable, seller: PersonId, code: PublicCode): Promise<Publishing> {
  const { rows } = await tx.query<Completeness>(
    `select p.id, p.moderation <> 'ok' as "isModerated", p.title is not null as "title",
            p.description is not null as "description", p.price_cents is not null as "price",
            exists (select from categories c where c.id = p.category_id and not c.hidden) as "category",
            p.next_file_id is not null
              or exists (select from product_files f where f.id = p.current_file_id and f.state = 'ready') as "file"
       from products p
      where p.seller_id = $1
        and p.code = $2
        and p.status = 'draft'
        and ${maySell}
        for update of p`,
    [seller, code],
  )
  const [draft] = rows
  if (draft === undefined) return { kind: 'not found' }
  if (draft.isModerated) return { kind: 'moderated' }
  const lacks = (['title', 'description', 'category', 'price', 'file'] as const).find((part) => !draft[part])
  if (lacks !== undefined) return { kind: 'incomplete', lacks }
  await tx.query(`update products set status = 'processing' where id = $1 and status = 'draft'`, [draft.id])
  return { kind: 'publishing', productId: draft.id }
}

export type Activation = 'active' | 'moderated' | 'no file' | 'not found'

/**
 * Puts a withdrawn product on sale again. What an administrator withdrew, and what has no verified file, stays away. The
 * product is held first, so that what is read of its file is not older than the lock.
 */
export async function activateProduct(tx: Queryable, seller: PersonId, code: PublicCode): Promise<Activation> {
  const held = await tx.query<{ id: ProductId }>(
    `select p.id
       from products p
      where p.seller_id = $1
        and p.code = $2
        and p.status in ('active', 'inactive')
        and ${maySell}
        for update of p`,
    [seller, code],
  )
  const { rows } = await tx.query<{ id: ProductId; isModerated: boolean; hasFile: boolean }>(
    `select p.id, p.moderation <> 'ok' as "isModerated", coalesce(f.state = 'ready', false) as "hasFile"
       from products p
       left join product_files f on f.id = p.current_file_id
      where p.id = $1`,
    [held.rows[0]?.id ?? null],
  )
  const [product] = rows
  if (product === undefined) return 'not found'
  if (product.isModerated) return 'moderated'
  if (!product.hasFile) return 'no file'
  await tx.query(`update products set status = 'active' where id = $1 and status = 'inactive'`, [product.id])
  return 'active'
}

/** Takes a product off the shelf; what was bought and ordered stays. False when there is nothing to take. */
export async function deactivateProduct(tx: Queryable, seller: PersonId, code: PublicCode): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update products
        set status = 'inactive'
      where seller_id = $1
        and code = $2
        and status = 'active'`,
    [seller, code],
  )
  return rowCount === 1
}
