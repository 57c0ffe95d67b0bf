import { until } from '../../../sandbox/infra/until.ts'
import { countUnsent } from '../../../shared/db/outbox.ts'
import { type Purchase } from './purchase.ts'
import { type Stage } from './stage.ts'

/** What the chats, NOWPayments and the books say after a run, counted; every figure but `paid` is to be 0. */
export type Findings = {
  readonly paid: number
  /** Finished at NOWPayments, and no file in the chat. */
  readonly lost: readonly string[]
  /** More than one file in the chat. */
  readonly twice: readonly string[]
  /** Other bytes than were sold, or a file that nobody paid for. */
  readonly wrong: readonly string[]
  /** Not paid in full, and the order says otherwise. */
  readonly released: readonly string[]
  readonly unbalanced: readonly string[]
}

/** Looks at every chat from outside, and at the sums of the books. */
export async function inspect(stage: Stage, purchases: readonly Purchase[]): Promise<Findings> {
  const found = { lost: [] as string[], twice: [] as string[], wrong: [] as string[], released: [] as string[] }
  for (const purchase of purchases) await inspectChat(stage, purchase, found)
  const paid = purchases.filter(({ intention }) => intention === 'pay').length
  return { paid, ...found, unbalanced: await listImbalances(stage, paid) }
}

type Found = {
  readonly lost: string[]
  readonly twice: string[]
  readonly wrong: string[]
  readonly released: string[]
}

async function inspectChat(stage: Stage, purchase: Purchase, found: Found): Promise<void> {
  const { buyer, orderCode, productCode, intention } = purchase
  const files = buyer.files()
  const isPaid = intention === 'pay'
  if (isPaid && files.length === 0) found.lost.push(orderCode)
  if (files.length > 1) found.twice.push(orderCode)
  for (const file of files) {
    const isRight = isPaid && (await buyer.sha256Of(file)) === stage.sold.get(productCode)
    if (!isRight) found.wrong.push(orderCode)
  }
  if (!isPaid && (await isReleased(stage, orderCode))) found.released.push(orderCode)
}

async function isReleased({ world }: Stage, orderCode: string): Promise<boolean> {
  const { rows } = await world.db.query<{ isReleased: boolean }>(
    `select o.paid_at is not null or e.order_id is not null as "isReleased"
       from orders o
       left join entitlements e on e.order_id = o.id
      where o.code = $1`,
    [orderCode],
  )
  return rows[0]?.isReleased !== false
}

async function listImbalances({ world }: Stage, paid: number): Promise<string[]> {
  const { rows } = await world.db.query<{ what: string; found: bigint; wanted: bigint }>(
    `select 'sum of all ledger lines' as what, coalesce(sum(amount_cents), 0)::bigint as found, 0::bigint as wanted
       from ledger_lines
      union all
     select 'sale entries', count(*), $1::bigint from ledger_entries where kind = 'sale'
      union all
     select 'shares', count(*), $1::bigint from payout_items where kind = 'share'
      union all
     select 'entitlements', count(*), $1::bigint from entitlements
      union all
     select 'cash against totals of paid orders', coalesce(sum(amount_cents), 0)::bigint,
            (select coalesce(sum(total_cents), 0)::bigint from orders where paid_at is not null)
       from ledger_lines
      where account = 'cash'`,
    [paid],
  )
  return rows
    .filter(({ found, wanted }) => found !== wanted)
    .map(({ what, found, wanted }) => `${what}: ${found}, not ${wanted}`)
}

/** Nothing is held, nothing waits, every event is out. */
export async function untilQuiet({ world }: Stage, withinMs: number): Promise<void> {
  await until(async () => {
    const { rows } = await world.db.query<{ waiting: number }>(
      `select (select count(*)::int from payment_events where handled_at is null)
            + (select count(*)::int from telegram_updates where handled_at is null)
            + (select count(*)::int from deliveries where state in ('queued', 'sending', 'retry_wait'))
            + (select count(*)::int from orders where message_lease_until > clock_timestamp()) as waiting`,
    )
    return rows[0]?.waiting === 0 && (await countUnsent(world.db)) === 0 ? true : undefined
  }, withinMs)
}
