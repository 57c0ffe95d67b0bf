import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findBalance, insertEntry } from '../../shared/db/ledger.ts'
import { inTransaction } from '../../shared/db/pool.ts'
import { insertRefund, type RefundKind } from '../../shared/db/refunds.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { excessEntry } from '../../shared/domain/ledger.ts'
import { cents } from '../../shared/domain/money.ts'
import { aReport, usualPolicy } from '../../shared/testing/a-report.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { type FullReport } from './keep-report.ts'
import { recordPayment } from './record-payment.ts'

const db = await createTestDatabase({ after })

const anOrder = async (): Promise<OpenOrder> => anOpenOrder(db, await aProductOnSale(db), { messageId: 5 })

async function record(id: PaymentId, said: Partial<FullReport> = {}): Promise<string | undefined> {
  const decision = await recordPayment(db, id, await aReport(db, id, said), usualPolicy)
  return decision?.kind === 'review' ? decision.doubt : decision?.kind
}

/** A second payment of 10.74 for the same order; a later deposit to the first address, if told so. */
async function another({ id, paymentId }: OpenOrder, kind: 'topup' | 'redeposit' = 'topup'): Promise<PaymentId> {
  const { rows } = await db.query<{ id: PaymentId }>(
    `insert into payments (order_id, attempt, kind, provider_id, parent_id, status, rank, price_cents, pay_currency,
                           pay_amount, address)
     select order_id, attempt + 1, $3, (random() * 1e12)::bigint::text, case when $3 = 'redeposit' then provider_id end,
            'waiting', 0, case $3 when 'redeposit' then price_cents else 1074 end, pay_currency,
            case $3 when 'redeposit' then pay_amount else '10.74' end, 'So1'
       from payments
      where id = $2 and order_id = $1
  returning id`,
    [id, paymentId, kind],
  )
  return rows[0]?.id ?? assert.fail('no payment')
}

/** An administrator decided that so much goes back, and the buyer was not paid yet. */
async function refundOpened({ id }: OpenOrder, kind: RefundKind, sum: bigint): Promise<void> {
  await inTransaction(db, async (tx) => {
    const wish = { orderId: id, caseId: null, kind, cents: cents(sum), by: 1n }
    const refund = (await insertRefund(tx, wish)) ?? assert.fail('no refund')
    if (kind !== 'order') await insertEntry(tx, excessEntry(refund, sum), id, { refundId: refund })
  })
}

async function stateOf({ id }: OpenOrder) {
  const { rows } = await db.query(
    `select o.status, array(select kind from cases where order_id = o.id and state = 'open' order by kind) as cases,
            array(select state from refunds where order_id = o.id) as refunds
       from orders o where o.id = $1`,
    [id],
  )
  return rows[0]
}

/** Takes what administrators were told since the last time. */
async function alerts(): Promise<string> {
  const { rows } = await db.query(
    `with told as (delete from outbox where subject = 'admin.alert' returning payload) select payload::text as text from told`,
  )
  return rows.map(({ text }) => String(text)).join('; ')
}

test('what comes while the rest of it is on its way back does not also release the file, and a person is asked', async () => {
  const order = await anOrder()
  await record(order.paymentId, { status: 'partially_paid', actuallyPaid: '10.74' })
  const rest = await another(order)
  await refundOpened(order, 'money', 1074n)
  await db.query(`update orders set status = 'review' where id = $1`, [order.id])
  assert.equal(await record(rest), 'refund opened')
  assert.deepEqual(await stateOf(order), { status: 'review', cases: ['refund opened'], refunds: ['asked'] })
  assert.match(await alerts(), /refund opened/)

  await db.query(`update refunds set state = 'rejected' where order_id = $1`, [order.id])
  const { rows } = await db.query(`select sum(covered_cents)::int as covered from payments where order_id = $1`, [
    order.id,
  ])
  assert.deepEqual(rows, [{ covered: 2148 }], 'all of it counts for whoever accepts the order now')
})

test('money that NOWPayments gives back is not to be sent by hand as well, and the administrators hear of it', async () => {
  const [paid, unpaid] = [await anOrder(), await anOrder()]
  await record(paid.paymentId)
  await refundOpened(paid, 'order', 2148n)
  await record(unpaid.paymentId, { status: 'partially_paid', actuallyPaid: '10' })
  await refundOpened(unpaid, 'money', 1000n)
  await alerts()
  const excess = await findBalance(db, 'buyer_excess')
  await db.query(`update users set receipt_email = 'ada@example.org' where id = $1`, [paid.buyer])
  for (const order of [paid, unpaid]) {
    assert.equal(await record(order.paymentId, { status: 'refunded' }), 'refund')
    assert.deepEqual(await stateOf(order), { status: 'refunded', cases: [], refunds: ['rejected'] })
    assert.match(await alerts(), new RegExp(`${order.code}[^]*refunded payment|refunded payment[^]*${order.code}`))
  }
  assert.equal((await findBalance(db, 'buyer_excess')) - excess, 1000n, 'it is not owed any more')
  const { rows } = await db.query(
    `select recipient, data ->> 'amount' as amount from emails where template = 'refund sent'`,
  )
  assert.deepEqual(rows, [{ recipient: 'ada@example.org', amount: '21.48' }], 'who wants receipts has it in writing')
})

test('what was sent by hand and then given back by NOWPayments too does not pass in silence', async () => {
  const [order, paid] = [await anOrder(), await anOrder()]
  await record(order.paymentId, { status: 'partially_paid', actuallyPaid: '10' })
  await refundOpened(order, 'money', 1000n)
  await record(paid.paymentId)
  const second = await another(paid)
  await record(second)
  await refundOpened(paid, 'excess', 1074n)
  await db.query(`update orders set status = 'refunded' where id = $1`, [order.id])
  await db.query(
    `update refunds set state = 'sent', asset = 'usdtsol', amount = '10', tx_hash = 'x' where state = 'asked'`,
  )
  await record(order.paymentId, { status: 'refunded' })
  assert.deepEqual(await stateOf(order), { status: 'refunded', cases: ['refunded twice'], refunds: ['sent'] })
  await record(second, { status: 'refunded' })
  assert.deepEqual(await stateOf(paid), {
    ...{ status: 'paid', refunds: ['sent'] },
    cases: ['paid twice', 'refunded twice'],
  })
})

test('a later deposit that paid for an order and is given back alone is for a person to judge', async () => {
  const order = await anOrder()
  await record(order.paymentId, { status: 'partially_paid', actuallyPaid: '10.74' })
  const second = await another(order, 'redeposit')
  assert.equal(await record(second, { parentId: 'its parent', actuallyPaid: '10.74' }), 'pay')
  assert.equal(await record(second, { parentId: 'its parent', status: 'refunded' }), 'refunded in part')
  assert.deepEqual(await stateOf(order), { status: 'paid', cases: ['refunded in part'], refunds: [] })
})
