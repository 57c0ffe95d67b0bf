import { type Cents } from '../domain/money.ts'
import { type DeliveryId, type FileId, type OrderId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type DeliveryState } from '../domain/delivery.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

export type FileVersion = {
  readonly fileId: FileId
  readonly number: number
  readonly fileName: string
  readonly sizeBytes: bigint
}

/** One thing a buyer owns, as the library shows it. `latest` is the newest version that was verified. */
export type OwnedProduct = {
  readonly orderId: OrderId
  readonly orderCode: PublicCode
  readonly productId: ProductId
  readonly productCode: PublicCode
  readonly title: string
  readonly sellerName: string
  readonly sellerCode: PublicCode
  readonly isPurged: boolean
  readonly price: Cents
  readonly fee: Cents
  readonly total: Cents
  readonly boughtAt: Date
  readonly downloads: number
  readonly bought: FileVersion
  readonly latest: FileVersion
  readonly position: number
  readonly count: number
}

type Row = Omit<OwnedProduct, 'bought' | 'latest'> & {
  readonly boughtId: FileId
  readonly boughtNumber: number
  readonly boughtName: string
  readonly boughtBytes: bigint
  readonly latestId: FileId
  readonly latestNumber: number
  readonly latestName: string
  readonly latestBytes: bigint
}

const owned = `
  select o.id as "orderId", o.code as "orderCode", o.title, p.id as "productId", p.code as "productCode",
         s.display_name as "sellerName", s.code as "sellerCode", p.status = 'purged' as "isPurged",
         o.price_cents as "price", o.fee_cents as "fee", o.total_cents as "total", e.granted_at as "boughtAt",
         o.download_count as "downloads",
         b.id as "boughtId", b.number as "boughtNumber", b.file_name as "boughtName", b.size_bytes as "boughtBytes",
         l.id as "latestId", l.number as "latestNumber", l.file_name as "latestName", l.size_bytes as "latestBytes",
         row_number() over latest_first::integer as "position",
         count(*) over ()::integer as "count"
    from entitlements e
    join orders o on o.id = e.order_id
    join products p on p.id = e.product_id
    join sellers s on s.user_id = o.seller_id
    join product_files b on b.id = o.file_id
    join lateral (select f.id, f.number, f.file_name, f.size_bytes
                    from product_files f
                   where f.product_id = p.id
                     and (f.id = b.id or f.state = 'ready' and f.purged_at is null)
                   order by f.number desc
                   limit 1) l on true
   where e.buyer_id = $1
     and e.ended_at is null
  window latest_first as (order by e.granted_at desc, o.id)`

const shaped = (row: Row): OwnedProduct => ({
  ...row,
  bought: {
    fileId: row.boughtId,
    number: row.boughtNumber,
    fileName: row.boughtName,
    sizeBytes: row.boughtBytes,
  },
  latest: {
    fileId: row.latestId,
    number: row.latestNumber,
    fileName: row.latestName,
    sizeBytes: row.latestBytes,
  },
})

/** The n-th product a person owns, latest purchase first, counted from 1; a position past the end gives the last one. */
export async function findOwnedAt(db: Queryable, buyer: PersonId, position: number): Promise<OwnedProduct | undefined> {
  const { rows } = await db.query<Row>(
    `select * from (${owned}) library where "position" <= greatest($2::integer, 1) order by "position" desc limit 1`,
    [buyer, position],
  )
  return rows.map(shaped)[0]
}

/** What a person owns of a product; undefined when that is nothing (any more). */
export async function findOwnedProduct(
  db: Queryable,
  buyer: PersonId,
  product: PublicCode,
): Promise<OwnedProduct | undefined> {
  const { rows } = await db.query<Row>(`select * from (${owned}) library where "productCode" = $2`, [buyer, product])
  return rows.map(shaped)[0]
}

/** How many files a person asked for in the last hour, and when the next may be asked for. */
export type FileRequests = { readonly count: number; readonly nextAt: Date | null }

/** `nextAt`: when the person may ask again after `most` requests in an hour; null when that is now. */
export async function countFileRequests(db: Queryable, buyer: PersonId, most: number): Promise<FileRequests> {
  const { rows } = await db.query<FileRequests>(
    `with recent as (
       select d.created_at, row_number() over (order by d.created_at desc) as place
         from deliveries d
         join orders o on o.id = d.order_id
        where o.buyer_id = $1
          and d.kind = 'again'
          and d.created_at > clock_timestamp() - interval '1 hour')
     select count(*)::integer as "count",
            max(created_at) filter (where place = $2) + interval '1 hour' as "nextAt"
       from recent`,
    [buyer, most],
  )
  return rows[0] ?? { count: 0, nextAt: null }
}

/** A delivery of this file that is still under way. */
export async function findFileRequest(
  db: Queryable,
  order: OrderId,
  file: FileId,
): Promise<{ readonly id: DeliveryId; readonly state: DeliveryState } | undefined> {
  const { rows } = await db.query<{ id: DeliveryId; state: DeliveryState }>(
    `select id, state
       from deliveries
      where order_id = $1
        and file_id = $2
        and state in ('queued', 'sending', 'retry_wait')
      limit 1`,
    [order, file],
  )
  return rows[0]
}

export type FileRequest = {
  readonly orderId: OrderId
  readonly fileId: FileId
  readonly chatId: bigint
  readonly messageId: bigint
}

/** Queues a file for the message that says it is on its way, while the buyer still owns it. */
export async function insertFileRequest(tx: Queryable, request: FileRequest): Promise<DeliveryId | undefined> {
  const { rows } = await tx.query<{ id: DeliveryId }>(
    `insert into deliveries (order_id, file_id, kind, chat_id, message_id)
     select e.order_id, $2, 'again', $3, $4
       from entitlements e
      where e.order_id = $1
        and e.ended_at is null
  returning id`,
    [request.orderId, request.fileId, request.chatId, request.messageId],
  )
  return rows[0]?.id
}
