import { moneyCases } from '../domain/case.ts'
import { type PayingPayment } from '../domain/excess.ts'
import { type OrderId } from '../domain/ids.ts'
import { type Cents } from '../domain/money.ts'
import { type Language } from './users.ts'
import { type Queryable } from './pool.ts'

/** What the buyer of a paid order should hear besides that the file is there. */
export const paidNotices = ['receipt', 'late', 'overpaid', 'paidTwice', 'moreCame'] as const

export type PaidNotice = (typeof paidNotices)[number]

export type DueNotices = {
  readonly due: readonly PaidNotice[]
  /** The file is on its way at this moment, and goes first. */
  readonly isFileFirst: boolean
  readonly isDelivered: boolean
  readonly orderCode: string
  readonly title: string
  readonly priceCents: Cents
  readonly feeCents: Cents
  readonly totalCents: Cents
  readonly paidAt: Date
  /** What it was paid in. */
  readonly coins: readonly string[]
  readonly language: Language
}

/** Undefined unless the order is paid. */
export async function findDueNotices(db: Queryable, order: OrderId): Promise<DueNotices | undefined> {
  const { rows } = await db.query<DueNotices>(
    `select array(select notice
                    from unnest(array[case when o.total_cents > 0 then 'receipt' end,
                                      case when o.late then 'late' end,
                                      case when o.overpaid then 'overpaid' end,
                                      case when exists (select from cases c
                                                         where c.order_id = o.id and c.kind = 'paid twice'
                                                           and c.state = 'open') then 'paidTwice' end,
                                      case when exists (select from cases c
                                                         where c.order_id = o.id and c.kind = any($2)
                                                           and c.state = 'open') then 'moreCame' end]) notice
                   where notice is not null and notice <> all(o.told)) as "due",
            o.status = 'paid' and o.paid_at > clock_timestamp() - interval '1 minute' as "isFileFirst",
            o.status = 'delivered' as "isDelivered", o.code as "orderCode", o.title, o.price_cents as "priceCents",
            o.fee_cents as "feeCents", o.total_cents as "totalCents", o.paid_at as "paidAt", u.language,
            array(select distinct p.pay_currency
                    from payments p
                   where p.order_id = o.id and p.accepted_at is not null
                   order by p.pay_currency) as "coins"
       from orders o
       join users u on u.id = o.buyer_id
      where o.id = $1
        and o.status in ('paid', 'delivered')`,
    [order, moneyCases],
  )
  return rows[0]
}

/** The payments that paid for an order, as they settled. */
export async function listPayingPayments(db: Queryable, order: OrderId): Promise<PayingPayment[]> {
  const { rows } = await db.query<PayingPayment>(
    `select price_cents as "priceCents", pay_currency as "coin", pay_amount as "payAmount",
            actually_paid as "actuallyPaid"
       from payments
      where order_id = $1
        and accepted_at is not null
        and status in ('finished', 'partially_paid')
        and pay_amount::numeric > 0
      order by attempt`,
    [order],
  )
  return rows
}

/** Notes that a paid order got more than its total. */
export async function markOverpaid(tx: Queryable, order: OrderId): Promise<void> {
  await tx.query(`update orders set overpaid = true where id = $1 and not overpaid`, [order])
}
