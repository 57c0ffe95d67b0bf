import { type DeliveryMethod, type DeliveryState, deliveryStatesBefore } from '../domain/delivery.ts'
import { type DeliveryId, type FileId, type OrderId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type OrderStatus } from '../domain/order.ts'
import { type Queryable } from './pool.ts'
import { thisProcess } from './presence.ts'

/** A delivery in hand: all that is needed to bring it. `attempt` is the fencing token. */
export type HeldDelivery = {
  readonly id: DeliveryId
  readonly attempt: number
  /** When it was taken, by the database's clock. */
  readonly claimedAt: string
  readonly kind: 'initial' | 'again'
  readonly orderId: OrderId
  readonly orderCode: string
  readonly orderStatus: OrderStatus
  readonly isEntitled: boolean
  readonly buyerId: PersonId
  readonly language: 'fr' | 'en'
  readonly chatId: bigint
  readonly messageId: bigint | null
  readonly documentTries: number
  readonly linkTries: number
  readonly wasSent: boolean
  readonly ageMs: number
  readonly productId: ProductId
  readonly fileId: FileId
  readonly title: string
  readonly sellerName: string
  readonly fileNumber: number
  readonly fileName: string
  readonly sizeBytes: bigint
  readonly sha256: string
  readonly objectKey: string
  /** What the bucket holds was found to be something else. */
  readonly isDamaged: boolean
  readonly contentType: string
}

/** Takes the delivery for `leaseMs`, unless it is over, not due yet, or somebody else holds it. */
export async function claimDelivery(db: Queryable, id: DeliveryId, leaseMs: number): Promise<HeldDelivery | undefined> {
  const { rows } = await db.query<HeldDelivery>(
    `update deliveries d
        set state = 'sending', attempt = d.attempt + 1, lease_until = clock_timestamp() + $2 * interval '1 ms',
            held_by = $4
       from orders o
       join users u on u.id = o.buyer_id
       join sellers s on s.user_id = o.seller_id,
            product_files f
      where d.id = $1
        and o.id = d.order_id
        and f.id = d.file_id
        and d.state = any($3)
        and d.lease_until < clock_timestamp()
        and d.next_try_at <= clock_timestamp()
  returning d.id, d.attempt, clock_timestamp()::text as "claimedAt", d.kind, d.order_id as "orderId", o.code as "orderCode", o.status as "orderStatus",
            exists (select from entitlements e where e.order_id = o.id and e.ended_at is null) as "isEntitled",
            o.buyer_id as "buyerId", u.language, d.chat_id as "chatId",
            case d.kind when 'initial' then o.message_id else d.message_id end as "messageId",
            d.document_tries as "documentTries", d.link_tries as "linkTries", d.sent_at is not null as "wasSent",
            coalesce(extract(epoch from clock_timestamp() - d.first_failed_at) * 1000, 0)::float8 as "ageMs",
            f.product_id as "productId", f.id as "fileId", o.title, s.display_name as "sellerName",
            f.number as "fileNumber", f.file_name as "fileName", f.size_bytes as "sizeBytes", f.sha256,
            f.object_key as "objectKey", f.state = 'damaged' as "isDamaged", f.content_type as "contentType"`,
    [id, leaseMs, deliveryStatesBefore('sending'), thisProcess],
  )
  return rows[0]
}

/** Milliseconds until a delivery that could not be taken may be; undefined when it is over. */
export async function deliveryFreeInMs(db: Queryable, id: DeliveryId): Promise<number | undefined> {
  const { rows } = await db.query<{ ms: number }>(
    `select greatest(0, extract(epoch from next_try_at - clock_timestamp()) * 1000,
                     case when isfinite(lease_until)
                          then extract(epoch from lease_until - clock_timestamp()) * 1000
                          else 0 end)::float8 as ms
       from deliveries
      where id = $1
        and state = any($2)`,
    [id, deliveryStatesBefore('sending')],
  )
  return rows[0] === undefined ? undefined : Math.ceil(rows[0].ms)
}

type Fenced = Pick<HeldDelivery, 'id' | 'attempt'>

/** Keeps the delivery for another `leaseMs`; false when somebody else took it. */
export async function renewDelivery(db: Queryable, { id, attempt }: Fenced, leaseMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update deliveries
        set lease_until = clock_timestamp() + $3 * interval '1 ms'
      where id = $1
        and attempt = $2
        and state = 'sending'`,
    [id, attempt, leaseMs],
  )
  return rowCount === 1
}

/** Gives back what is still in hand, so that only a killed worker makes others wait. */
export async function releaseDelivery(db: Queryable, { id, attempt }: Fenced): Promise<void> {
  await db.query(
    `update deliveries
        set lease_until = '-infinity'
      where id = $1
        and attempt = $2`,
    [id, attempt],
  )
}

/** The message a requested file goes to, when its first one is gone. */
export async function setDeliveryMessage(db: Queryable, { id, attempt }: Fenced, messageId: bigint): Promise<boolean> {
  const { rowCount } = await db.query(
    `update deliveries
        set message_id = $3
      where id = $1
        and attempt = $2`,
    [id, attempt, messageId],
  )
  return rowCount === 1
}

/** What came of a confirmed file: how long ago its order was paid, when this is what the order waited for. */
export type Delivered = { readonly paidSecondsAgo: number | null }

/** Telegram confirmed the file or its link; undefined when this worker was overtaken. */
export async function markDelivered(
  tx: Queryable,
  delivery: HeldDelivery,
  method: DeliveryMethod,
  messageId: bigint,
): Promise<Delivered | undefined> {
  const { rowCount } = await tx.query(
    `update deliveries
        set state = 'sent', method = $3, sent_at = coalesce(sent_at, clock_timestamp()), message_id = $4, error = null,
            lease_until = '-infinity', document_tries = 0, link_tries = 0, first_failed_at = null, rings = 0
      where id = $1
        and attempt = $2
        and state = 'sending'`,
    [delivery.id, delivery.attempt, method, messageId],
  )
  if (rowCount === 0) return undefined
  await insertAttempt(tx, delivery, method, 'sent', null, messageId)
  const paidSecondsAgo = delivery.kind === 'initial' ? await markOrderDelivered(tx, delivery.orderId) : null
  if (method === 'document' && !delivery.wasSent) await countDownload(tx, delivery.orderId)
  return { paidSecondsAgo }
}

async function markOrderDelivered(tx: Queryable, orderId: OrderId): Promise<number | null> {
  const { rows } = await tx.query<{ seconds: number | null }>(
    `update orders
        set status = 'delivered', delivered_at = clock_timestamp()
      where id = $1
        and status = 'paid'
  returning extract(epoch from delivered_at - paid_at)::float8 as seconds`,
    [orderId],
  )
  return rows[0]?.seconds ?? null
}

async function countDownload(tx: Queryable, orderId: OrderId): Promise<void> {
  await tx.query(`insert into downloads (order_id, method) values ($1, 'document')`, [orderId])
  await tx.query(
    `update orders
        set download_count = download_count + 1, last_download_at = clock_timestamp()
      where id = $1`,
    [orderId],
  )
}

export type FailedTry = {
  readonly method: DeliveryMethod
  readonly outcome: Extract<DeliveryState, 'retry_wait' | 'blocked' | 'dead'>
  readonly error: string
  readonly pauseMs: number
  /** How many tries of the method this counts as: none when the bucket is away, all of them when the file is too large. */
  readonly tries: number
}

/** Notes a failed try and when the next may be; false when this worker was overtaken. */
export async function markDeliveryFailed(tx: Queryable, delivery: HeldDelivery, failed: FailedTry): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update deliveries
        set state = $3, error = $4, next_try_at = clock_timestamp() + $5 * interval '1 ms', lease_until = '-infinity',
            document_tries = document_tries + $6, link_tries = link_tries + $7,
            first_failed_at = coalesce(first_failed_at, clock_timestamp())
      where id = $1
        and attempt = $2
        and state = 'sending'`,
    [
      delivery.id,
      delivery.attempt,
      failed.outcome,
      failed.error,
      failed.pauseMs,
      failed.method === 'document' ? failed.tries : 0,
      failed.method === 'link' ? failed.tries : 0,
    ],
  )
  if (rowCount === 0) return false
  await insertAttempt(tx, delivery, failed.method, failed.outcome, failed.error, null)
  return true
}

async function insertAttempt(
  tx: Queryable,
  { id, attempt }: Fenced,
  method: DeliveryMethod,
  outcome: string,
  error: string | null,
  messageId: bigint | null,
): Promise<void> {
  await tx.query(
    `insert into delivery_attempts (delivery_id, attempt, method, outcome, error, message_id)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, attempt, method, outcome, error, messageId],
  )
}

/** The initial delivery of an order, to ask for it. */
export async function findInitialDelivery(db: Queryable, orderId: OrderId): Promise<DeliveryId | undefined> {
  const { rows } = await db.query<{ id: DeliveryId }>(
    `select id from deliveries where order_id = $1 and kind = 'initial'`,
    [orderId],
  )
  return rows[0]?.id
}
