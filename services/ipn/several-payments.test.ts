import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { canBecome, type OrderStatus, orderStatuses } from '../../shared/domain/order.ts'
import { type ProviderStatus, ranks } from '../../shared/domain/payment.ts'
import { aReport, usualPolicy } from '../../shared/testing/a-report.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { recordPayment } from './record-payment.ts'

const db = await createTestDatabase({ after })

/** An order with three addresses: two for the whole of it, in turn, and one for half. */
async function anOrder(): Promise<{ order: OpenOrder; payments: PaymentId[] }> {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const { rows } = await db.query<{ id: PaymentId }>(
    `insert into payments (order_id, attempt, kind, provider_id, status, rank, price_cents, pay_currency, pay_amount,
                           address, valid_until)
     select $1, attempt, kind, (random() * 1e12)::bigint::text, 'waiting', 0, price, 'usdtsol', amount, 'So1',
            now() + interval '1 hour'
       from (values (2, 'main', 2148, '21.48'), (3, 'topup', 1074, '10.74')) as other (attempt, kind, price, amount)
  returning id`,
    [order.id],
  )
  return { order, payments: [order.paymentId, ...rows.map(({ id }) => id)] }
}

type Seen = {
  readonly status: OrderStatus
  readonly ranks: readonly number[]
  readonly counts: readonly number[]
  readonly sum: number
}

/** What the shop knows of it: states, and how often each thing that must happen once has happened. */
async function look({ id }: OpenOrder): Promise<Seen> {
  const { rows } = await db.query<Seen>(
    `select o.status, array(select rank from payments where order_id = o.id order by attempt) as "ranks",
            array[(select count(*) from entitlements where order_id = o.id),
                  (select count(*) from ledger_entries where order_id = o.id and kind = 'sale'),
                  (select count(*) from payout_items where order_id = o.id and kind = 'share'),
                  (select count(*) from deliveries where order_id = o.id),
                  (select count(*) from outbox where subject = 'payment.confirmed' and dedupe_key = o.id::text)]::int[]
              as "counts",
            (select coalesce(sum(amount_cents), 0)::int from ledger_lines l
               join ledger_entries e on e.id = l.entry_id where e.order_id = o.id) as "sum"
       from orders o where o.id = $1`,
    [id],
  )
  return rows[0] ?? assert.fail('no order')
}

function isReachable(from: OrderStatus, to: OrderStatus): boolean {
  const reached = new Set([from])
  for (const one of reached) for (const next of orderStatuses) if (canBecome(one, next)) reached.add(next)
  return reached.has(to)
}

const told = fc.record({
  payment: fc.nat({ max: 2 }),
  status: fc.constantFrom(...(Object.keys(ranks) as ProviderStatus[])),
  actuallyPaid: fc.constantFrom('0', '5', '10.74', '21.48', '40'),
})

test('however three payments of one order are told, at the same time and by several processes, it is sold at most once', async () => {
  let sold = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(told, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), async (rounds) => {
      const { order, payments } = await anOrder()
      let before = await look(order)
      for (const round of rounds) {
        await Promise.all(
          round.map(async ({ payment, status, actuallyPaid }) => {
            const id = payments[payment] ?? assert.fail('no payment')
            await recordPayment(db, id, await aReport(db, id, { status, actuallyPaid }), usualPolicy)
          }),
        )
        const now = await look(order)
        assert.ok(isReachable(before.status, now.status), `${before.status} became ${now.status}`)
        for (const [place, rank] of now.ranks.entries()) assert.ok(rank >= (before.ranks[place] ?? 0), 'a rank fell')
        assert.ok(
          now.counts.every((count) => count === now.counts[0] && count <= 1),
          now.counts.join(),
        )
        if (now.status === 'paid') assert.equal(now.counts[0], 1)
        sold += now.counts[0] ?? 0
        assert.equal(now.sum, 0)
        before = now
      }
    }),
    { numRuns: 40, examples: [[[[{ payment: 0, status: 'finished', actuallyPaid: '21.48' }]]]] },
  )
  assert.ok(sold > 0, 'nothing was ever sold')
})
