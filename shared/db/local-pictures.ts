import { type Queryable } from './pool.ts'

/** Those of these products whose pictures nobody needs: they are gone, or purged. */
export async function listProductsGone(db: Queryable, ids: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select given.id
       from unnest($1::text[]) given (id)
      where not exists (select from products p where p.id = given.id::uuid and p.purged_at is null)`,
    [ids],
  )
  return rows.map(({ id }) => id)
}

/** Those of these pictures that are gone, refused, or replaced by another. */
export async function listImagesGone(db: Queryable, ids: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select given.id
       from unnest($1::text[]) given (id)
      where not exists (select from images i
                         where i.id = given.id::uuid
                           and (i.state in ('processing', 'ready', 'missing')
                             or exists (select from products p where i.id in (p.image_id, p.next_image_id))))`,
    [ids],
  )
  return rows.map(({ id }) => id)
}
