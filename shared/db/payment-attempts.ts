import { type Cents } from '../domain/money.ts'
import { type OrderId, type PaymentId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/**
 * One attempt at getting an address for an order. Before NOWPayments is asked, the row is there and says so; without an
 * answer it stays, so that a late notification still finds its order.
 */
export type Attempt = {
  readonly id: PaymentId
  readonly orderId: OrderId
  readonly attempt: number
  readonly kind: 'main' | 'topup' | 'redeposit'
  readonly status: string
  readonly price: Cents
  readonly coin: string
  readonly payAmount: string | null
  readonly actuallyPaid: string
  readonly covered: Cents
  readonly address: string | null
  readonly memo: string | null
  readonly network: string | null
  readonly validUntil: Date | null
  readonly minutesLeft: number | null
  /** It has an address, nothing came, and its window is not over. */
  readonly isOpen: boolean
  /** Nobody was asked for this address yet. */
  readonly isNew: boolean
  /** Somebody asked less than 45 s ago, and the answer is not written down. */
  readonly isBeingAsked: boolean
  readonly refusal: string | null
  /** The last time NOWPayments was asked about it there was no answer. */
  readonly isUnread: boolean
}

const attemptColumns = `
       id, order_id as "orderId", attempt, kind, status, price_cents as "price", pay_currency as "coin",
       pay_amount as "payAmount", actually_paid as "actuallyPaid", covered_cents as "covered", address, memo, network,
       valid_until as "validUntil",
       greatest(ceil(extract(epoch from valid_until - clock_timestamp()) / 60), 0)::integer as "minutesLeft",
       refusal, asked_at is null as "isNew", unread_since is not null as "isUnread",
       rank = 0 and address is not null
         and coalesce(valid_until, created_at + interval '1 hour') > clock_timestamp()
         as "isOpen",
       status = 'asking' and provider_id is null
         and asked_at > clock_timestamp() - interval '45 seconds' as "isBeingAsked"`

/** All attempts of an order, the first one first. */
export async function listAttempts(db: Queryable, order: OrderId): Promise<Attempt[]> {
  const { rows } = await db.query<Attempt>(
    `select ${attemptColumns} from payments where order_id = $1 order by attempt`,
    [order],
  )
  return rows
}

/** Notes the intention to ask for an address. The caller holds the order's or the buyer's row. */
export async function insertAttempt(
  tx: Queryable,
  order: OrderId,
  { kind, coin, price }: { readonly kind: 'main' | 'topup'; readonly coin: string; readonly price: Cents },
): Promise<Attempt> {
  const { rows } = await tx.query<Attempt>(
    `insert into payments (order_id, attempt, kind, pay_currency, price_cents)
     select $1, coalesce(max(attempt), 0) + 1, $2, $3, $4 from payments where order_id = $1
  returning ${attemptColumns}`,
    [order, kind, coin, price],
  )
  const [attempt] = rows
  if (attempt === undefined) throw new Error(`Expected a payment attempt of order ${order} to be stored, got nothing`)
  return attempt
}

/** An attempt nobody was asked about yet may still change its coin. */
export async function setAttemptCoin(tx: Queryable, id: PaymentId, coin: string): Promise<boolean> {
  const { rowCount } = await tx.query(`update payments set pay_currency = $2 where id = $1 and asked_at is null`, [
    id,
    coin,
  ])
  return rowCount === 1
}

/** Only the caller that gets true may ask NOWPayments, and only once: nobody can tell a repeated creation from a new one. */
export async function claimAsking(db: Queryable, id: PaymentId): Promise<boolean> {
  const { rowCount } = await db.query(
    `update payments set asked_at = clock_timestamp(), status = 'asking' where id = $1 and asked_at is null`,
    [id],
  )
  return rowCount === 1
}

export type Address = {
  readonly providerId: string
  readonly payAmount: string
  readonly address: string
  readonly memo: string | null
  readonly network: string | null
  readonly validUntil: Date | null
  readonly raw: string
}

/**
 * Writes down the address. Returns when its window ends: `windowMs` from now, or earlier if NOWPayments says so. A
 * notification may have been quicker and brought the same payment: then only its window changes.
 */
export async function setAddress(
  tx: Queryable,
  id: PaymentId,
  address: Address,
  windowMs: number,
): Promise<Date | undefined> {
  const { rows } = await tx.query<{ validUntil: Date }>(
    `update payments
        set provider_id = $2, pay_amount = $3, address = $4, memo = $5, network = $6,
            valid_until = least(clock_timestamp() + $8 * interval '1 ms', $7::timestamptz),
            status = case when provider_id is null then 'waiting' else status end,
            rank = greatest(rank, 0),
            next_poll_at = coalesce(next_poll_at, clock_timestamp() + interval '1 minute')
      where id = $1
        and coalesce(provider_id, $2) = $2
  returning valid_until as "validUntil"`,
    [
      id,
      address.providerId,
      address.payAmount,
      address.address,
      address.memo,
      address.network,
      address.validUntil,
      windowMs,
    ],
  )
  if (rows[0] !== undefined) await insertCreation(tx, id, address)
  return rows[0]?.validUntil
}

/** Gives an adopted address its window, as if it had been answered in time. */
export async function startWindow(tx: Queryable, id: PaymentId, windowMs: number): Promise<Date | undefined> {
  const { rows } = await tx.query<{ validUntil: Date }>(
    `update payments
        set valid_until = least(clock_timestamp() + $2 * interval '1 ms', valid_until)
      where id = $1
        and provider_id is not null
  returning valid_until as "validUntil"`,
    [id, windowMs],
  )
  return rows[0]?.validUntil
}

async function insertCreation(tx: Queryable, id: PaymentId, { providerId, raw }: Address): Promise<void> {
  await tx.query(
    `insert into payment_events (payment_id, source, provider_id, status, raw, result, handled_at)
     values ($1, 'create', $2, 'waiting', $3, 'created', clock_timestamp())`,
    [id, providerId, raw],
  )
}

/** Nothing was made (`refused`, `throttled`), or nobody knows (`unknown`). A notification may still bring the answer. */
export async function setNoAddress(
  tx: Queryable,
  id: PaymentId,
  status: 'refused' | 'throttled' | 'unknown',
  refusal: string | null,
): Promise<void> {
  await tx.query(
    `update payments
        set status = $2, refusal = $3
      where id = $1
        and provider_id is null`,
    [id, status, refusal],
  )
}

/** Has the addresses of an order read again as soon as somebody can. */
export async function askForReread(tx: Queryable, order: OrderId): Promise<void> {
  await tx.query(
    `update payments
        set next_poll_at = clock_timestamp()
      where order_id = $1
        and provider_id is not null
        and next_poll_at is not null`,
    [order],
  )
  await tx.query(`select pg_notify('payments_due', '')`)
}
