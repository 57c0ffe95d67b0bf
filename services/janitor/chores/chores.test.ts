import assert from 'node:assert/strict'
import { lstat, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, test } from 'node:test'
import { findBalance } from '../../../shared/db/ledger.ts'
import { claimOrderMessage, releaseOrderMessage } from '../../../shared/db/order-messages.ts'
import { payOrder } from '../../../shared/db/pay-order.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { anOpenOrder, aPerson, aProductOnSale, type OpenOrder } from '../../../shared/testing/a-shop.ts'
import { aDraftToFill, anUploadToken } from '../../../shared/testing/an-upload.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { type Chore } from '../chore.ts'
import { deleteTemporaryFiles } from './delete-temporary-files.ts'
import { expireOrders } from './expire-orders.ts'
import { pollPayments } from './poll-payments.ts'
import { prune } from './prune.ts'
import { releaseEscrow } from './release-escrow.ts'
import { ringAgain } from './ring-again.ts'

const db = await createTestDatabase({ after })
// so that a test can say when an order was changed last
await db.query(`alter table orders disable trigger orders_touched`)
const uploadsDir = await mkdtemp(join(tmpdir(), 'comptoir-chores-'))
after(() => rm(uploadsDir, { recursive: true }))
const deps = choreDeps(db, { uploadsDir })

afterEach(async () => {
  await db.query(`update orders set status = 'failed', seen_at = null, redraws = 10`)
  await db.query(`update payments set provider_id = null`)
  await db.query(`delete from deliveries`)
  await db.query(`delete from outbox`)
})

type Done = { readonly changed: number; readonly found: readonly string[] }

async function run(chore: Chore): Promise<Done> {
  const found: string[] = []
  const { changed } = await chore.run(deps, (what) => found.push(what))
  return { changed, found }
}

/** A dry run tells the same list as the run after it, and changes nothing; the run after that finds nothing. */
async function assertDryThenDone(chore: Chore, count: number): Promise<readonly string[]> {
  const promised: string[] = []
  const report = await chore.preview(deps, (what) => promised.push(what))
  assert.deepEqual([report.checked, report.changed], [count, 0], `${chore.name} previewed`)
  const { changed, found } = await run(chore)
  assert.equal(changed, count)
  assert.deepEqual([...found].sort(), promised.sort())
  assert.equal((await run(chore)).changed, 0)
  return found
}

const anOrder = async (): Promise<OpenOrder> => anOpenOrder(db, await aProductOnSale(db), { messageId: 7 })

async function aPaidOrder(): Promise<OpenOrder> {
  const order = await anOrder()
  await inTransaction(db, (tx) => payOrder(tx, order.id, { late: false, overpaid: false, escrowHours: 24 }))
  return order
}

async function statusOf({ id }: OpenOrder): Promise<unknown> {
  const { rows } = await db.query(`select status from orders where id = $1`, [id])
  return rows[0]?.['status']
}

const asked = async (subject: string): Promise<unknown[]> =>
  (await db.query(`select dedupe_key as key from outbox where subject = $1`, [subject])).rows.map(({ key }) => key)

test('orders whose time is up expire, attempts without an address fail, and both are redrawn', async () => {
  const [late, seen, fresh, stuck] = [await anOrder(), await anOrder(), await anOrder(), await anOrder()]
  await db.query(`update orders set expires_at = now() - interval '1 second' where id = any($1)`, [[late.id, seen.id]])
  await db.query(`update orders set seen_at = now() where id = $1`, [seen.id])
  await db.query(`update orders set status = 'creating', created_at = now() - interval '16 minutes' where id = $1`, [
    stuck.id,
  ])
  await assertDryThenDone(expireOrders, 2)
  assert.deepEqual(await Promise.all([late, seen, fresh, stuck].map(statusOf)), [
    'expired',
    'awaiting_payment',
    'awaiting_payment',
    'failed',
  ])
  assert.deepEqual((await asked('order.changed')).sort(), [late.id, stuck.id].sort())
})

test('an order whose payment is being recorded this moment is left alone', async () => {
  const order = await anOrder()
  await db.query(`update orders set expires_at = now() - interval '1 second' where id = $1`, [order.id])
  await inTransaction(db, async (tx) => {
    await tx.query(`select from orders where id = $1 for update`, [order.id])
    assert.equal((await run(expireOrders)).changed, 0)
  })
  assert.equal((await run(expireOrders)).changed, 1)
})

test('payments nobody is going to read, or is late with, are asked for again', async () => {
  const [forgotten, late, fine, accepted, old] = await Promise.all(Array.from({ length: 5 }, anOrder))
  const plan = (order: OpenOrder | undefined, set: string) =>
    db.query(`update payments set ${set} where order_id = $1`, [order?.id])
  await plan(forgotten, `next_poll_at = null`)
  await plan(late, `next_poll_at = now() - interval '1 minute'`)
  await plan(fine, `next_poll_at = now() + interval '1 minute'`)
  await plan(accepted, `next_poll_at = null, accepted_at = now()`)
  await plan(old, `next_poll_at = null, created_at = now() - interval '8 days'`)
  const found: string[] = []
  assert.equal((await pollPayments.preview(deps, (what) => found.push(what))).checked, 2)
  const { rows } = await db.query(`select count(*)::int as count from payments where next_poll_at <= now()`)
  assert.deepEqual(rows, [{ count: 1 }], 'a dry run wakes nobody')
  assert.deepEqual((await run(pollPayments)).found.toSorted(), found.sort())
  assert.deepEqual(found, [`payment ${forgotten?.paymentId}`, `payment ${late?.paymentId}`].sort())
})

test('an order that had money and whose payments nobody reads any more is asked about a last time', async () => {
  const [stuck, watched] = await Promise.all([anOrder(), anOrder()])
  const old = `created_at = now() - interval '9 days'`
  await db.query(`update orders set status = 'underpaid' where id = any($1)`, [[stuck.id, watched.id]])
  await db.query(`update payments set next_poll_at = null, ${old} where order_id = $1`, [stuck.id])
  await db.query(`update payments set next_poll_at = now() + interval '1 hour', ${old} where order_id = $1`, [
    watched.id,
  ])
  assert.deepEqual((await run(pollPayments)).found, [`payment ${stuck.paymentId}`])
})

test('a share becomes available after its escrow, in the table and in the books', async () => {
  const [over, held] = [await aPaidOrder(), await aPaidOrder()]
  await db.query(`update payout_items set hold_until = now() - interval '1 second' where order_id = $1`, [over.id])
  await assertDryThenDone(releaseEscrow, 1)
  const { rows } = await db.query<{ state: string; seller: bigint }>(
    `select state, seller_id as seller from payout_items where order_id = any($1) order by state`,
    [[over.id, held.id]],
  )
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['available', 'held'],
  )
  const seller = rows[0]?.seller ?? 0n
  assert.equal(await findBalance(db, `held:${seller}`), 0n)
  assert.equal(await findBalance(db, `available:${seller}`), -1999n)
})

test('a share whose order is being given back at this moment is left to that, and nobody waits for the other', async () => {
  const order = await aPaidOrder()
  await db.query(`update payout_items set hold_until = now() - interval '1 second' where order_id = $1`, [order.id])
  await inTransaction(db, async (tx) => {
    await tx.query(`select from orders where id = $1 for update`, [order.id])
    assert.equal((await run(releaseEscrow)).changed, 0)
    await tx.query(`select from payout_items where order_id = $1 for update nowait`, [order.id])
  })
  assert.equal((await run(releaseEscrow)).changed, 1)
})

test('a delivery that stands still is asked for again, ever more rarely, and one in hand is not', async () => {
  const [stuck, inHand, waiting] = [await aPaidOrder(), await aPaidOrder(), await aPaidOrder()]
  await db.query(`update deliveries set next_try_at = now() - interval '10 seconds'`)
  await db.query(
    `update deliveries set state = 'sending', lease_until = now() + interval '20 seconds' where order_id = $1`,
    [inHand.id],
  )
  await db.query(
    `update deliveries set state = 'retry_wait', next_try_at = now() + interval '1 hour' where order_id = $1`,
    [waiting.id],
  )
  const [found] = await assertDryThenDone(ringAgain, 1)
  assert.match(found ?? '', new RegExp(stuck.id))
  assert.equal((await asked('delivery.requested')).length, 1)
  await db.query(`delete from outbox`)
  await db.query(`update deliveries set rung_at = now() - interval '8 seconds' where order_id = $1`, [stuck.id])
  assert.equal((await run(ringAgain)).changed, 0, 'the second time comes after 10 s')
  await db.query(`update deliveries set rung_at = now() - interval '11 seconds' where order_id = $1`, [stuck.id])
  assert.equal((await run(ringAgain)).changed, 1)
})

test('a paid order without a delivery gets one, and people hear of what must not happen', async () => {
  const order = await aPaidOrder()
  await db.query(`delete from deliveries`)
  await assertDryThenDone(ringAgain, 1)
  assert.equal((await asked('delivery.requested')).length, 1)
  assert.deepEqual(await asked('admin.alert'), [`missing-delivery:${order.id}`])
})

test('an order message that shows another state is redrawn, until it shows the right one', async () => {
  const order = await anOrder()
  const draw = async (): Promise<void> => {
    const held = (await claimOrderMessage(db, order.id, 1_000)) ?? assert.fail('free')
    await releaseOrderMessage(db, held, 'qr-abc def')
  }
  const later = () =>
    db.query(
      `update orders set updated_at = now() - interval '1 hour', redraw_at = now() - interval '1 hour' where id = $1`,
      [order.id],
    )
  await draw()
  await later()
  assert.equal((await run(ringAgain)).changed, 0, 'it shows its state')
  await db.query(`update orders set status = 'underpaid' where id = $1`, [order.id])
  await assertDryThenDone(ringAgain, 1)
  assert.deepEqual(await asked('order.changed'), [order.id])
  await db.query(`delete from outbox`)
  await later()
  assert.equal((await run(ringAgain)).changed, 1, 'nobody drew it')
  await draw()
  await db.query(`delete from outbox`)
  await later()
  assert.equal((await run(ringAgain)).changed, 0)
})

test('a message that can never be drawn is not rung for without end, nor for who blocked the bot', async () => {
  const order = await anOrder()
  await db.query(`update orders set updated_at = now() - interval '1 hour' where id = $1`, [order.id])
  let rung = 0
  for (let time = 0; time < 15; time += 1) {
    await db.query(`delete from outbox`)
    await db.query(`update orders set updated_at = now() - interval '1 hour', redraw_at = '-infinity' where id = $1`, [
      order.id,
    ])
    rung += (await run(ringAgain)).changed
  }
  assert.equal(rung, 10)
  await db.query(`update orders set redraws = 0, redraw_at = '-infinity' where id = $1`, [order.id])
  await db.query(`update users set reachable = false where id = $1`, [order.buyer])
  assert.equal((await run(ringAgain)).changed, 0)
})

test('temporary files of yesterday go; links, folders and what is still used stay', async () => {
  const [temp, outside] = [join(uploadsDir, 'temp'), join(uploadsDir, 'outside')]
  await mkdir(join(temp, 'deeper'), { recursive: true })
  await mkdir(outside)
  const yesterday = new Date(Date.now() - 25 * 3_600_000)
  for (const path of [join(temp, 'old'), join(temp, 'deeper', 'old'), join(temp, 'new'), join(outside, 'precious')]) {
    await writeFile(path, 'x')
    if (!path.endsWith('new')) await utimes(path, yesterday, yesterday)
  }
  await symlink(outside, join(temp, 'link'))
  await assertDryThenDone(deleteTemporaryFiles, 2)
  assert.deepEqual((await readdir(temp)).sort(), ['deeper', 'link', 'new'])
  assert.deepEqual(await readdir(outside), ['precious'])
  assert.ok((await lstat(join(temp, 'link'))).isSymbolicLink())
})

test('without a folder for temporary files there is nothing to do', async () => {
  const report = await deleteTemporaryFiles.run({ ...deps, uploadsDir: join(uploadsDir, 'none') }, () => undefined)
  assert.deepEqual(report, { checked: 0, changed: 0, failed: 0 })
})

test('a link to the upload page goes a day after its time, unless an upload of it still holds room or parts', async () => {
  const { seller, productId } = await aDraftToFill(db)
  await db.query(`update upload_links set expires_at = now() - interval '25 hours'`)
  const insert = (state: string, uploadId: string | null) =>
    db.query(
      `insert into upload_sessions (link_id, seller_id, product_id, file_id, object_key, file_name, declared_bytes, part_bytes,
                                    s3_upload_id, state, expires_at)
       select id, seller_id, product_id, new_id(), new_id()::text, 'a.pdf', 1, 1, $2, $1, now() from upload_links`,
      [state, uploadId],
    )
  await insert('aborted', 'parts')
  await anUploadToken(db, { seller, productId })
  const counted = async () => (await db.query(`select from upload_links`)).rowCount
  await run(prune)
  assert.equal(await counted(), 2)
  await db.query(`update upload_sessions set s3_upload_id = null`)
  await run(prune)
  assert.equal(await counted(), 1, 'the new one stays')
})

test('what is only kept for a while goes in time, and not before', async () => {
  const person = await aPerson(db)
  await db.query(`delete from inbox; delete from button_tokens; delete from rate_buckets`)
  await db.query(
    `insert into outbox (subject, dedupe_key, payload, sent_at) values
       ('a', 'old', '{}', now() - interval '8 days'), ('a', 'young', '{}', now() - interval '6 days'),
       ('a', 'unsent', '{}', null)`,
  )
  await db.query(`insert into inbox values ('c', 'old', now() - interval '8 days'), ('c', 'young', now())`)
  await db.query(
    `insert into button_tokens values ('old', $1, 'a', '{}', now() - interval '1 s'), ('young', $1, 'a', '{}', now() + interval '1 h')`,
    [person],
  )
  await db.query(`insert into coin_estimates values ('btc', 1, '1', now() - interval '2 days'), ('btc', 2, '1', now())`)
  await db.query(`insert into rate_buckets values ('old', 1, now() - interval '2 days'), ('young', 1, now())`)
  const found: string[] = []
  assert.equal((await prune.preview(deps, (what) => found.push(what))).checked, 5)
  const done = await run(prune)
  assert.equal(done.changed, 5)
  assert.deepEqual(done.found.toSorted(), found.sort())
  const { rows } = await db.query(`select dedupe_key as key from outbox order by 1`)
  assert.deepEqual(
    rows.map(({ key }) => key),
    ['unsent', 'young'],
  )
  assert.equal((await run(prune)).changed, 0)
})
