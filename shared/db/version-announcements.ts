import { type FileId, type NoticeId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type Notice } from '../domain/notice.ts'
import { type Queryable } from './pool.ts'

export type Announcement = {
  readonly fileId: FileId
  readonly productId: ProductId
  /** Everybody up to this id is told. */
  readonly toldUpTo: PersonId
}

/** Remembers that the owners of a product are to hear of a new version. */
export async function insertAnnouncement(
  tx: Queryable,
  { fileId, productId }: Pick<Announcement, 'fileId' | 'productId'>,
): Promise<void> {
  await tx.query(`insert into version_announcements (file_id, product_id) values ($1, $2) on conflict do nothing`, [
    fileId,
    productId,
  ])
}

/** The oldest announcement, or the one of this file, held until the transaction ends; nobody waits for another's. */
export async function lockAnnouncement(tx: Queryable, file?: FileId): Promise<Announcement | undefined> {
  const { rows } = await tx.query<Announcement>(
    `select file_id as "fileId", product_id as "productId", told_up_to as "toldUpTo"
       from version_announcements
      where $1::uuid is null
         or file_id = $1
      order by created_at
      limit 1
        for update skip locked`,
    [file ?? null],
  )
  return rows[0]
}

/** `upTo`: the last of those looked at, who may have been told before; null when nobody is left. */
export type ToldOwners = {
  readonly noticeIds: readonly NoticeId[]
  readonly upTo: PersonId | null
  readonly count: number
}

/** Keeps a notice for the next so many holders of a live right to the product, while the version is still the newest. */
export async function insertNoticesForOwners(
  tx: Queryable,
  { fileId, productId, toldUpTo }: Announcement,
  limit: number,
): Promise<ToldOwners> {
  const notice: Notice = { kind: 'new version', productId, fileId }
  const { kind, ...facts } = notice
  const { rows } = await tx.query<{ noticeIds: NoticeId[] | null; upTo: PersonId | null; count: number }>(
    `with owners as (
            select e.buyer_id
              from entitlements e
              join products p on p.id = e.product_id
             where e.product_id = $1
               and e.buyer_id > $2
               and e.ended_at is null
               and p.current_file_id = $3
             order by e.buyer_id
             limit $4),
          kept as (
            insert into notices (person_id, kind, subject, facts)
            select buyer_id, $5, $3::text, $6
              from owners
                on conflict (person_id, kind, subject) do nothing
         returning id)
     select (select array_agg(id) from kept) as "noticeIds", max(buyer_id) as "upTo", count(*)::integer as "count"
       from owners`,
    [productId, toldUpTo, fileId, limit, kind, JSON.stringify(facts)],
  )
  const [told] = rows
  return { noticeIds: told?.noticeIds ?? [], upTo: told?.upTo ?? null, count: told?.count ?? 0 }
}

export async function advanceAnnouncement(tx: Queryable, file: FileId, upTo: PersonId): Promise<void> {
  await tx.query(`update version_announcements set told_up_to = $2 where file_id = $1`, [file, upTo])
}

/** Everybody is told. */
export async function deleteAnnouncement(tx: Queryable, file: FileId): Promise<void> {
  await tx.query(`delete from version_announcements where file_id = $1`, [file])
}

export async function countAnnouncements(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(`select count(*)::integer as count from version_announcements`)
  return rows[0]?.count ?? 0
}
