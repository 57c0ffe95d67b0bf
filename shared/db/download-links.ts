import { type FileId, type OrderId } from '../domain/ids.ts'
import { type Database, inTransaction, type Queryable } from './pool.ts'

/** Keeps a new way to a file; only the hash of its token is ever stored. */
export async function insertDownloadLink(
  db: Queryable,
  link: { tokenHash: string; orderId: OrderId; fileId: FileId; lifetimeMs: number },
): Promise<void> {
  await db.query(
    `insert into download_links (token_hash, order_id, file_id, expires_at)
     values ($1, $2, $3, clock_timestamp() + $4 * interval '1 ms')`,
    [link.tokenHash, link.orderId, link.fileId, link.lifetimeMs],
  )
}

export type DownloadLink = {
  readonly id: string
  readonly orderId: OrderId
  readonly fileId: FileId
  readonly state: 'open' | 'expired' | 'used up' | 'revoked'
  readonly leftMs: number
  readonly language: 'fr' | 'en'
  readonly title: string
  readonly objectKey: string
  /** What the bucket holds was found to be something else. */
  readonly isDamaged: boolean
  readonly fileName: string
  readonly sizeBytes: bigint
  readonly sha256: string
  readonly contentType: string
}

const linkWithFile = `
  select l.id, l.order_id as "orderId", l.file_id as "fileId",
         case when l.revoked_at is not null or e.order_id is null then 'revoked'
              when l.expires_at <= clock_timestamp() then 'expired'
              when l.uses >= l.max_uses then 'used up'
              else 'open' end as "state",
         greatest(0, extract(epoch from l.expires_at - clock_timestamp()) * 1000)::float8 as "leftMs",
         u.language, o.title, f.object_key as "objectKey", f.state = 'damaged' as "isDamaged", f.file_name as "fileName", f.size_bytes as "sizeBytes",
         f.sha256, f.content_type as "contentType"
    from download_links l
    join orders o on o.id = l.order_id
    join users u on u.id = o.buyer_id
    join product_files f on f.id = l.file_id
    left join entitlements e on e.order_id = o.id and e.ended_at is null
   where l.token_hash = $1`

/** What a token leads to; looking at it changes nothing. */
export async function findDownloadLink(db: Queryable, tokenHash: string): Promise<DownloadLink | undefined> {
  const { rows } = await db.query<DownloadLink>(linkWithFile, [tokenHash])
  return rows[0]
}

export type CountedDownload =
  | { readonly kind: 'counted' | 'closed'; readonly link: DownloadLink }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'too many'; readonly retryAfterSeconds: number }

const mostAnHour = 10

/** Counts one use of a link, while it is open and its owner has not started too many downloads within the hour. */
export const countLinkUse = (db: Database, tokenHash: string): Promise<CountedDownload> =>
  inTransaction(db, async (tx) => {
    // one download of a person after the other, whichever links they press: each sees how many there were before it
    await tx.query(
      `select
         from users
        where id = (select o.buyer_id
                      from download_links l
                      join orders o on o.id = l.order_id
                     where l.token_hash = $1)
          for no key update`,
      [tokenHash],
    )
    const { rows } = await tx.query<DownloadLink>(`${linkWithFile} for update of l, o`, [tokenHash])
    const [link] = rows
    if (link === undefined) return { kind: 'unknown' }
    if (link.state !== 'open') return { kind: 'closed', link }
    const retryAfterSeconds = await secondsUntilAllowed(tx, link.orderId)
    if (retryAfterSeconds > 0) return { kind: 'too many', retryAfterSeconds }
    await count(tx, link)
    return { kind: 'counted', link }
  })

/** A person may start ten downloads an hour; 0 when another may begin now. */
async function secondsUntilAllowed(tx: Queryable, orderId: OrderId): Promise<number> {
  const { rows } = await tx.query<{ seconds: number }>(
    `select ceil(extract(epoch from d.at + interval '1 hour' - clock_timestamp()))::int as seconds
       from downloads d
       join orders o on o.id = d.order_id
      where o.buyer_id = (select buyer_id from orders where id = $1)
        and d.method = 'link'
        and d.at > clock_timestamp() - interval '1 hour'
      order by d.at desc
     offset $2
      limit 1`,
    [orderId, mostAnHour - 1],
  )
  return rows[0]?.seconds ?? 0
}

async function count(tx: Queryable, { id, orderId }: DownloadLink): Promise<void> {
  await tx.query(`update download_links set uses = uses + 1 where id = $1`, [id])
  await tx.query(`insert into downloads (order_id, link_id, method) values ($1, $2, 'link')`, [orderId, id])
  await tx.query(
    `update orders
        set download_count = download_count + 1, last_download_at = clock_timestamp()
      where id = $1`,
    [orderId],
  )
}
