import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Logger } from 'pino'
import { type Database } from '../../../shared/db/pool.ts'
import { withSessionLock } from '../../../shared/db/session-lock.ts'
import { createLogger } from '../../../shared/runtime/logger.ts'
import { anOwnedOrder, aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { type Chore, onlyFound } from '../chore.ts'
import { keepHouse } from '../keep-house.ts'
import { runChore } from '../run-chore.ts'
import { sumUpDay } from './sum-up-day.ts'

const db = await createTestDatabase({ after })

/** A log as the operator keeps it, and the lines of it that sum up a day. */
function aLog() {
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>)
  const log = createLogger({ service: 'janitor', level: 'info', destination: { write } })
  return { log, summaries: () => lines.filter(({ msg }) => msg === 'the day in figures') }
}

const noon = `(date_trunc('day', clock_timestamp(), 'UTC') - interval '12 hours')`

/** A sale of that price in cents, begun and paid some days before yesterday's noon, and delivered so many seconds later. */
async function aSale(price: bigint, seconds: number, daysBefore = 0): Promise<string> {
  const { id } = await anOwnedOrder(db, await aProductOnSale(db, { price }))
  await db.query(
    `update orders
        set created_at = at, paid_at = at, delivered_at = at + $2 * interval '1 s',
            fee_cents = case price_cents when 0 then 0 else fee_cents end,
            total_cents = price_cents + case price_cents when 0 then 0 else fee_cents end
       from (select ${noon} - $3 * interval '24 hours' as at) moment
      where id = $1`,
    [id, seconds, daysBefore],
  )
  await db.query(
    `insert into deliveries (order_id, file_id, kind, chat_id, state, method, sent_at)
     select id, file_id, 'initial', 1, 'sent', 'document', delivered_at from orders where id = $1`,
    [id],
  )
  return id
}

async function moneyLeaves(order: string): Promise<void> {
  await db.query(
    `insert into refunds (order_id, amount_cents, asset, amount, tx_hash, state, by, settled_at)
     values ($1, 2148, 'usdtsol', '21.48', 'hash', 'sent', '1', ${noon})`,
    [order],
  )
  await db.query(
    `with batch as (insert into batches (code, payouts_count, total_cents, prepared_by, state)
                    values ('AAAAAAAA', 1, 1999, '1', 'closed') returning id)
     insert into payouts (batch_id, seller_id, address, amount_cents, state, tx_hash, sent_at)
     select batch.id, seller_id, 'an address', 1999, 'sent', 'hash', ${noon} from batch, orders where orders.id = $1`,
    [order],
  )
}

const notification = (at: string) =>
  db.query(`insert into payment_events (source, raw, body_sha256, received_at)
            values ('ipn', '{}', md5(random()::text) || md5(random()::text), ${at})`)

test('one line sums up yesterday: what was sold, brought, given back and paid out, what is open, and how old the backup is', async () => {
  const [order] = [await aSale(19_99n, 1), await aSale(9_99n, 3), await aSale(0n, 2), await aSale(50_00n, 9, 1)]
  await anOwnedOrder(db, await aProductOnSale(db)) // today's
  await moneyLeaves(order)
  for (const at of [noon, noon, `clock_timestamp()`]) await notification(at)
  await db.query(`insert into dead_letters (kind, ref, reason, payload, at) values
    ('delivery', 'a', 'late', '{}', ${noon}), ('delivery', 'b', 'late', '{}', ${noon} - interval '5 days')`)
  await db.query(`insert into backups (name, state, started_at, finished_at, size_bytes, sha256, row_count) values
    ('20261127T030000Z-00000000', 'good', clock_timestamp() - interval '3 hours', now(), 4321, repeat('a', 64), 1)`)
  await db.query(
    `insert into alarms (kind, count, due_at) values ('outbox', 1, now()), ('bucket', 1, now() + interval '1 h')`,
  )

  const { log, summaries } = aLog()
  await runChore(choreDeps(db, { log }), sumUpDay, { dryRun: false, found: () => undefined })
  const [line = {}, ...more] = summaries()
  assert.deepEqual(more, [])
  const { rows } = await db.query<{ day: string }>(`select to_char(${noon} at time zone 'UTC', 'YYYY-MM-DD') as day`)
  assert.equal(Math.round(Number(line['backupHours'])), 3)
  assert.ok(Number(line['deliveredP99Seconds']) > 2.9)
  assert.deepEqual(line, {
    time: line['time'],
    level: 'info',
    service: 'janitor',
    msg: 'the day in figures',
    day: rows[0]?.day,
    ordersBegun: 3,
    ordersPaid: 2,
    freeOrders: 1,
    paidCents: 2998 + 2 * 149,
    feeCents: 2 * 149,
    filesDelivered: 3,
    linksDelivered: 0,
    deliveredP50Seconds: 2,
    deliveredP99Seconds: line['deliveredP99Seconds'],
    notifications: 2,
    refunds: 1,
    refundedCents: 2148,
    payouts: 1,
    payoutCents: 1999,
    mailsSent: 0,
    deadLetters: 1,
    openDeadLetters: 2,
    openCases: 0,
    openAlarms: 1,
    backupHours: line['backupHours'],
    backupBytes: 4321,
  })
})

test('with two janitors, and whichever of them is stopped, a day is summed up once', async () => {
  await db.query(`delete from chore_runs`)
  const { log, summaries } = aLog()
  const houses = [aHouse(db, log), aHouse(db, log)]
  const first = await Promise.race(houses.map(({ works }, index) => works.then(() => index)))
  for (const at of [first, 1 - first]) {
    await houses[at]?.works
    await houses[at]?.stop()
  }
  assert.equal(summaries().length, 1)
})

/** A janitor with this chore, and one after it that says that the house is kept. */
function aHouse(db: Database, log: Logger) {
  const stopping = new AbortController()
  const { promise: works, resolve } = Promise.withResolvers<undefined>()
  const sign: Chore = {
    ...{ name: 'sign', when: { everyMs: 5 }, does: 'says that the house is kept' },
    run: async () => {
      const { rowCount } = await db.query(`select from chore_runs where chore = $1`, [sumUpDay.name])
      if (rowCount !== 0) resolve(undefined)
      return onlyFound(0)
    },
    preview: () => Promise.resolve(onlyFound(0)),
  }
  const house = withSessionLock(db, { name: 'janitor', stopping: stopping.signal }, (signal) =>
    keepHouse(choreDeps(db, { log, signal }), [sumUpDay, sign]),
  )
  return {
    works,
    stop: async () => {
      stopping.abort()
      await house
    },
  }
}
