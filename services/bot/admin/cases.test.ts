import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCase } from '../../../shared/db/cases.ts'
import { listOrderPayments } from '../../../shared/db/incoming-payments.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { type CaseId, type RefundId } from '../../../shared/domain/ids.ts'
import {
  accounts,
  adminId,
  aMoneyScene,
  aReleasedSale,
  aSignature,
  assertBooksHold,
  came,
  type MoneyScene,
  pay,
  tellAll,
  wallet,
} from '../../../shared/testing/a-money-scene.ts'
import { type Administrator } from './administrator.ts'
import { acceptCase, closeCase } from './decide-case.ts'
import { openRefund, sendRefund } from './settle-refund.ts'
import { unappliedOf } from '../../../shared/domain/incoming.ts'
import { cents } from '../../../shared/domain/money.ts'

const by = BigInt(adminId) as Administrator

const caseOf = async ({ db, order }: MoneyScene, kind = 'refund asked'): Promise<CaseId> => {
  await openCase(db, order.id, kind, 'asked by the buyer')
  const { rows } = await db.query<{ id: CaseId }>(`select id from cases where order_id = $1 and kind = $2`, [
    order.id,
    kind,
  ])
  return rows[0]?.id ?? assert.fail('no case')
}

const statusOf = async ({ db, order }: MoneyScene) =>
  (await db.query(`select status from orders where id = $1`, [order.id])).rows[0]?.['status']

const refundsOf = async ({ db, order }: MoneyScene) =>
  (
    await db.query<{ id: RefundId; state: string; kind: string }>(
      `select id, state, kind from refunds where order_id = $1`,
      [order.id],
    )
  ).rows

/** Whose money goes back says where to, under the news of it. */
async function giveAddress({ world, buyer }: MoneyScene): Promise<void> {
  const wanted = await buyer.person.waitForMessage(
    ({ keyboard }) =>
      keyboard?.flat().some(({ text }) => text.includes('Give an address') || text.includes('Donner une adresse')) ===
      true,
  )
  const key = wanted.keyboard?.flat()[0]?.data ?? assert.fail('no button')
  await world.db.query('delete from rate_buckets')
  buyer.person.press(wanted.message_id, key)
  await buyer.person.waitForMessage(({ text, caption }) => (text ?? caption ?? '').includes('Solana'))
  await buyer.write(`  ${wallet} `)
  await buyer.press(buyer.labels()[0] ?? '')
}

async function noteSent({ admin }: MoneyScene, hash: string): Promise<void> {
  await admin.write('/admin')
  await admin.press('Refunds · 1')
  await admin.press('1')
  assert.match(admin.shown(), new RegExp(wallet))
  await admin.press('Mark as sent')
  for (const amount of ['0', '-1', '1e3', 'ten', '1.1234567']) {
    await admin.write(amount)
    assert.match(admin.shown(), /greater than zero/, amount)
  }
  await admin.write('5,7')
  await admin.write('0xabc')
  assert.match(admin.shown(), /copy the whole hash/)
  await admin.write(hash)
  assert.match(admin.shown(), /Note this transfer/)
  await admin.press('Yes, confirm')
}

test('an administrator reads the whole situation of a case, and gives back what came for an order that was never paid', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, admin, order } = scene
  await came(db, order, '10.5')
  await caseOf(scene)
  await admin.write('/admin')
  await admin.press('Cases · 1')
  await admin.press('1')
  assert.match(admin.shown(), new RegExp(`Refund asked for[^]*${order.code}[^]*21.48 USDT[^]*10.5 USDT`))
  await admin.press('Refund')
  await admin.press('Give back $10.50')
  assert.match(admin.shown(), /Refund \$10.50 for order/)
  await admin.press('Yes, confirm')
  assert.deepEqual(await accounts(db), { cash: 1050n, buyer_excess: -1050n })
  assert.equal(await statusOf(scene), 'review')
  await tellAll(scene)
  await giveAddress(scene)
  const hash = aSignature()
  await noteSent(scene, hash)
  assert.match(admin.shown(), /✅ Sent: 5.7 USDT/)
  assert.equal(await statusOf(scene), 'refunded')
  assert.deepEqual(await accounts(db), {})
  await assertBooksHold(db)
})

test('a paid order is given back with its share, or set off when the share was paid out; never while it is being paid', async (t) => {
  const scene = await aMoneyScene(t, 'fr')
  const { db, admin, buyer, order, product } = scene
  await pay(db, order)
  await admin.write(`/admin ${order.code}`)
  await admin.press('Refund the order')
  assert.match(admin.shown(), /\$21.48[^]*buyer loses access/)
  await admin.press('Yes, confirm')
  await tellAll(scene)
  await buyer.person.waitForMessage(({ text }) => text?.includes('Dites-nous où l’envoyer') === true)
  await giveAddress(scene)
  const [refund = assert.fail('no refund')] = await refundsOf(scene)
  const sent = { asset: 'usdtsol', address: wallet, amount: '21.48', txHash: aSignature() } as const
  const note = (changes: object = {}) =>
    inTransaction(db, (tx) => sendRefund(scene.world.scene.deps, tx, by, refund.id, { ...sent, ...changes }))
  assert.equal(await note({ address: 'another' }), 'changed')
  assert.equal(await note(), 'sent')
  assert.equal(await note({ txHash: aSignature() }), 'settled already')
  const { rows } = await db.query(
    `select o.status, e.ended_at is not null as over, i.state, p.sales::int from orders o
       join entitlements e on e.order_id = o.id join payout_items i on i.order_id = o.id join products p on p.id = o.product_id
      where o.id = $1`,
    [order.id],
  )
  assert.deepEqual(rows, [{ status: 'refunded', over: true, state: 'reversed', sales: 0 }])
  const { rows: told } = await db.query(`select facts ->> 'share' as share from notices where kind = 'order refunded'`)
  assert.deepEqual(told, [{ share: 'cancelled' }])
  await aReleasedSale(db, product)
  await assertBooksHold(db)
})

test('of two administrators who decide a case at the same moment, one does', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, order } = scene
  const { deps } = scene.world.scene
  await came(db, order, '20')
  const id = await caseOf(scene)
  const decided = await Promise.all([
    acceptCase(deps, by, id, { status: 'underpaid' }),
    acceptCase(deps, by, id, { status: 'underpaid' }),
    inTransaction(db, (tx) => closeCase(deps, tx, by, id, { reason: 'nothing to give', answer: 'request' })),
    inTransaction(db, (tx) =>
      openRefund(deps, tx, by, {
        orderId: order.id,
        caseId: id,
        kind: 'money',
        seen: 'underpaid',
        cents: cents(2000n),
      }),
    ),
  ])
  const done = decided.filter((one) => ['accepted', 'closed', 'opened'].includes(one))
  assert.equal(done.length, 1, decided.join())
  const { rows } = await db.query(`select count(*)::int as audits from audit_log`)
  assert.deepEqual(rows, [{ audits: 1 }])
  await assertBooksHold(db)
})

test('an order that is not what the administrator saw, or that may not be accepted, stays as it is', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, order } = scene
  const { deps } = scene.world.scene
  await came(db, order, '20')
  const id = await caseOf(scene)
  assert.equal(await acceptCase(deps, by, id, { status: 'review' }), 'changed')
  await db.query(`update products set moderation = 'banned' where id = (select product_id from orders where id = $1)`, [
    order.id,
  ])
  assert.equal(await acceptCase(deps, by, id, { status: 'underpaid' }), 'withdrawn')
  await db.query(`update products set moderation = 'ok'`)
  const more = { status: 'underpaid', received: 2100n } as const
  assert.equal(await acceptCase(deps, by, id, more), 'changed', 'less came than was on the screen')
  assert.equal(await statusOf(scene), 'underpaid')
  await assert.rejects(acceptCase(deps, 5n as Administrator, id, { status: 'underpaid' }), /administrator/)
  assert.equal(await acceptCase(deps, by, id, { status: 'underpaid' }), 'accepted')
  assert.equal(await acceptCase(deps, by, id, { status: 'underpaid' }), 'decided already')
  assert.deepEqual(await accounts(db), { cash: 2000n, shortfall: 148n, held: -1999n, platform_fee: -149n })
  await assertBooksHold(db)
})

test('every payment that was counted when a case was accepted has paid, and is not proposed to be given back', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, order } = scene
  await came(db, order, '14')
  await db.query(
    `insert into payments (order_id, attempt, kind, provider_id, pay_currency, price_cents, pay_amount, actually_paid, status, rank, parent_id, address)
     select order_id, 2, 'redeposit', '4242', pay_currency, 748, '7.48', '7.48', 'finished', 7, provider_id, address from payments where id = $1`,
    [order.paymentId],
  )
  assert.equal(await acceptCase(scene.world.scene.deps, by, await caseOf(scene), { status: 'underpaid' }), 'accepted')
  const { rows } = await db.query(
    `select covered_cents as covered, accepted_at is not null as accepted from payments where order_id = $1 order by attempt`,
    [order.id],
  )
  assert.deepEqual(rows, [
    { covered: 1400n, accepted: true },
    { covered: 748n, accepted: true },
  ])
  assert.equal(unappliedOf(await listOrderPayments(db, order.id)), 0n)
  await assertBooksHold(db)
})

test('a short sale that was accepted is given back for what came, and the platform gets its part back', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, order } = scene
  const { deps } = scene.world.scene
  await came(db, order, '20')
  await acceptCase(deps, by, await caseOf(scene), { status: 'underpaid' })
  const opened = await inTransaction(db, (tx) =>
    openRefund(deps, tx, by, { orderId: order.id, caseId: null, kind: 'order', seen: 'paid', cents: cents(2000n) }),
  )
  assert.equal(opened, 'opened')
  await tellAll(scene)
  await giveAddress(scene)
  await noteSent(scene, aSignature())
  assert.deepEqual(await accounts(db), {})
  await assertBooksHold(db)
})

test('a refund is refused for a reason that its buyer reads, and the order is over when nobody has to decide more', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, admin, buyer, order } = scene
  await came(db, order, '10')
  await caseOf(scene)
  await admin.write('/admin')
  await admin.press('Cases · 1')
  await admin.press('1')
  await admin.press('Refund')
  await admin.press('Give back')
  await admin.press('Yes, confirm')
  await admin.press('1')
  await admin.press('Refuse')
  await admin.write('too short')
  assert.match(admin.shown(), /at least 10/)
  await admin.write('The network fee <b>eats</b> it & more')
  await admin.press('Yes, confirm')
  await tellAll(scene)
  await buyer.person.waitForMessage(({ text }) => text?.includes('The network fee <b>eats</b> it & more') === true)
  assert.equal(await statusOf(scene), 'failed')
  assert.deepEqual(await accounts(db), {})
  await assertBooksHold(db)
})

test('an address is forgotten by a second press, and one the buyer gave since is not', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, world, admin, order } = scene
  await pay(db, order)
  const wish = { orderId: order.id, caseId: null, kind: 'order', seen: 'paid', cents: cents(2148n) } as const
  await inTransaction(db, (tx) => openRefund(world.scene.deps, tx, by, wish))
  const [refund = assert.fail('no refund')] = await refundsOf(scene)
  await db.query(`update refunds set asset = 'usdtsol', address = $1`, [wallet])
  const addressOf = async () => (await db.query(`select address from refunds`)).rows[0]?.['address']
  await admin.go('refund', { refund: refund.id })
  await admin.press('Ask for the address again')
  assert.match(admin.shown(), new RegExp(`forgotten[^]*${wallet}`))
  assert.equal(await addressOf(), wallet)
  await admin.press('Yes, ask again')
  assert.equal(await addressOf(), null)
  await db.query(`update refunds set asset = 'usdtsol', address = $1`, [wallet])
  await admin.go('askAddressNow', { refund: refund.id, times: 1 })
  assert.equal(await addressOf(), wallet)
})

test('nobody gives an address for the refund of somebody else, and nobody gives two', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, world, buyer, order } = scene
  await pay(db, order)
  const { deps } = world.scene
  const wish = { orderId: order.id, caseId: null, kind: 'order', seen: 'paid', cents: cents(2148n) } as const
  assert.equal(await inTransaction(db, (tx) => openRefund(deps, tx, by, wish)), 'opened')
  assert.equal(await inTransaction(db, (tx) => openRefund(deps, tx, by, wish)), 'refund open')
  const [refund = assert.fail('no refund')] = await refundsOf(scene)
  const mallory = await world.meetSeller('Mallory')
  await mallory.go('giveAddress', { refund: refund.id })
  await mallory.write(wallet)
  assert.equal((await db.query(`select address from refunds`)).rows[0]?.['address'], null)
  await tellAll(scene)
  await giveAddress(scene)
  await buyer.go('giveAddress', { refund: refund.id })
  await buyer.write('7YWHMfk9JZe0LM0g1ZauHuiSxhI')
  assert.equal((await db.query(`select address from refunds`)).rows[0]?.['address'], wallet)
})

const toldOfClosing = async ({ db }: MoneyScene) =>
  (
    await db.query(
      `select facts ->> 'answer' as answer, facts ->> 'reason' as reason from notices where kind = 'case closed'`,
    )
  ).rows

/** Through the screens of an administrator: the first case there is, closed for this reason. */
async function close({ admin }: MoneyScene, reason: string): Promise<string> {
  await admin.write('/admin')
  await admin.press('Cases')
  await admin.press('1')
  await admin.press('Close')
  const asked = admin.shown()
  await admin.write(reason)
  await admin.press('Yes, confirm')
  return asked
}

test('a buyer who asked nothing hears nothing of a case that is closed, and the administrator knows before writing why', async (t) => {
  const scene = await aMoneyScene(t)
  await pay(scene.db, scene.order)
  await caseOf(scene, 'differs at the provider')
  assert.match(await close(scene, 'Their clock was wrong'), /buyer waits for nothing/)
  assert.deepEqual(await toldOfClosing(scene), [])
  const { rows } = await scene.db.query(`select state, decision, reason from cases`)
  assert.deepEqual(rows, [{ state: 'closed', decision: 'close', reason: 'Their clock was wrong' }])
})

test('a buyer whose payment was looked at hears once how that ended, when the last of its cases is closed', async (t) => {
  const scene = await aMoneyScene(t)
  await came(scene.db, scene.order, '10', 'review')
  await caseOf(scene, 'wrong coin')
  await caseOf(scene, 'price differs')
  assert.match(await close(scene, 'Noted for the wrong order'), /buyer waits for nothing/)
  assert.deepEqual([await toldOfClosing(scene), await statusOf(scene)], [[], 'review'])
  assert.match(await close(scene, 'Your exchange took it back'), /buyer will read/)
  assert.deepEqual(await toldOfClosing(scene), [{ answer: 'payment', reason: 'Your exchange took it back' }])
  assert.equal(await statusOf(scene), 'failed')
})

test('a reason written for the record is not sent to a buyer who has come to wait for it', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, world } = scene
  await came(db, scene.order, '10', 'review')
  const [first, second] = [await caseOf(scene, 'wrong coin'), await caseOf(scene, 'price differs')]
  const closing = (id: CaseId, answer: 'payment' | null) =>
    inTransaction(db, (tx) => closeCase(world.scene.deps, tx, by, id, { reason: 'between us two', answer }))
  assert.equal(await closing(first, null), 'closed')
  assert.equal(await closing(second, null), 'changed')
  assert.deepEqual(await toldOfClosing(scene), [])
  assert.equal(await closing(second, 'payment'), 'closed')
})

test('what was proposed to give back is not given back once more has come: the administrator looks again', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, admin, order } = scene
  await came(db, order, '10')
  await caseOf(scene)
  await admin.write('/admin')
  await admin.press('Cases')
  await admin.press('1')
  await admin.press('Refund')
  await admin.press('Give back $10.00')
  await came(db, order, '15')
  await admin.press('Yes, confirm')
  assert.deepEqual(await refundsOf(scene), [])
  await admin.press('Refund')
  await admin.press('Give back $15.00')
  await admin.press('Yes, confirm')
  assert.equal((await refundsOf(scene)).length, 1)
})

test('an amount typed by hand is not given back once more has come of a coin that nobody can count', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, admin, order } = scene
  await came(db, order, '8', 'review')
  await db.query(`update payments set status = 'wrong_asset_confirmed'`)
  await caseOf(scene)
  const type = async (): Promise<void> => {
    await admin.press('Refund')
    await admin.write('8')
  }
  await admin.write('/admin')
  await admin.press('Cases')
  await admin.press('1')
  await type()
  await db.query(
    `insert into payments (order_id, attempt, kind, provider_id, status, rank, price_cents, pay_currency, pay_amount,
                           actually_paid, covered_cents)
     select order_id, 2, 'redeposit', '4712', 'wrong_asset_confirmed', 7, 2148, 'usdtsol', '21.48', '3', 0 from payments`,
  )
  await admin.press('Yes, confirm')
  assert.deepEqual(await refundsOf(scene), [])
  assert.deepEqual((await db.query(`select state from cases`)).rows, [{ state: 'open' }])
  await type()
  await admin.press('Yes, confirm')
  assert.equal((await refundsOf(scene)).length, 1)
})
