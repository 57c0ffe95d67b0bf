import { until } from '../../../sandbox/infra/until.ts'
import { listBrokenInvariants } from '../../../shared/db/invariants.ts'
import { countUnsent } from '../../../shared/db/outbox.ts'
import { type Purchase } from './purchase.ts'
import { type Stage } from './stage.ts'

/** What the chats, NOWPayments and the books say after a run; every list is to be empty. */
export type Findings = {
  readonly paid: number
  /** Finished at NOWPayments, and neither a file nor a link to it in the chat. */
  readonly lost: readonly string[]
  /** More than one file, or link to one, in the chat. */
  readonly twice: readonly string[]
  /** Other bytes than were sold, or a file that nobody paid for. */
  readonly wrong: readonly string[]
  /** Not paid in full, and the order or the books say otherwise. */
  readonly released: readonly string[]
  /** Told three times and shuffled, and not delivered and booked exactly once. */
  readonly unlike: readonly string[]
  readonly shuffled: number
  readonly unbalanced: readonly string[]
}

type Found = Record<'lost' | 'twice' | 'wrong' | 'released' | 'unlike', string[]>

/** Looks at every chat from outside, and at the books. */
export async function inspect(stage: Stage, purchases: readonly Purchase[]): Promise<Findings> {
  const found: Found = { lost: [], twice: [], wrong: [], released: [], unlike: [] }
  const known = await listOrders(stage)
  for (const purchase of purchases) {
    await inspectChat(stage, purchase, found)
    inspectOrder(purchase, known.get(purchase.orderCode), found)
  }
  const paid = purchases.filter(({ intention }) => intention === 'pay')
  const shuffled = paid.filter(({ telling }) => telling === 'each three times, shuffled').length
  return { paid: paid.length, shuffled, ...found, unbalanced: await listImbalances(stage) }
}

async function inspectChat(stage: Stage, purchase: Purchase, found: Found): Promise<void> {
  const { buyer, orderCode, productCode, intention } = purchase
  const files = buyer.deliveries()
  const isPaid = intention === 'pay'
  if (isPaid && files.length === 0) found.lost.push(orderCode)
  if (files.length > 1) found.twice.push(orderCode)
  for (const file of files) {
    const isRight = isPaid && (await buyer.sha256Of(file)) === stage.sold.get(productCode)
    if (!isRight) found.wrong.push(orderCode)
  }
}

type Known = { readonly code: string; readonly status: string; readonly sales: number; readonly entitlements: number }

function inspectOrder({ intention, telling, orderCode }: Purchase, known: Known | undefined, found: Found): void {
  if (intention !== 'pay') {
    const isClosed =
      known?.status === 'awaiting_payment' || known?.status === 'underpaid' || known?.status === 'expired'
    if (!isClosed || known.sales + known.entitlements > 0) found.released.push(orderCode)
  } else if (telling === 'each three times, shuffled') {
    const isOnce = known?.status === 'delivered' && known.sales === 1 && known.entitlements === 1
    if (!isOnce) found.unlike.push(orderCode)
  }
}

async function listOrders({ world }: Stage): Promise<Map<string, Known>> {
  const { rows } = await world.db.query<Known>(
    `select o.code, o.status,
            (select count(*)::int from ledger_entries e where e.order_id = o.id and e.kind = 'sale') as sales,
            (select count(*)::int from entitlements e where e.order_id = o.id) as entitlements
       from orders o`,
  )
  return new Map(rows.map((row) => [row.code, row]))
}

/** The books against themselves, against the orders, and against what NOWPayments was paid. */
async function listImbalances({ world }: Stage): Promise<string[]> {
  const paid = world.nowPayments.payments().filter(({ status }) => status === 'finished')
  const cents = paid.map(({ priceAmount }) => Math.round(Number(priceAmount) * 100))
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
     select 'cents that came in', coalesce(sum(l.amount_cents), 0)::bigint, $2::bigint
       from ledger_lines l
       join ledger_entries e on e.id = l.entry_id
      where e.kind = 'sale' and l.account in ('cash', 'shortfall')`,
    [paid.length, cents.reduce((sum, one) => sum + one, 0)],
  )
  const wrong = rows
    .filter(({ found, wanted }) => found !== wanted)
    .map(({ what, found, wanted }) => `${what}: ${found}, not ${wanted}`)
  const broken = await listBrokenInvariants(world.db)
  return [...wrong, ...broken.map(({ name, refs }) => `${name}: ${refs.join(', ')}`)]
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
